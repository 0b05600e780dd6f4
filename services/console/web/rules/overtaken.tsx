import { Button } from 'react-aria-components';
import { useAuthorName } from '../clients.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import type { Change } from './changes.tsx';

type Props = {
  last: Change | undefined;
  /** What is written is to replace what the colleague has saved. */
  keep: () => void;
  /** What the colleague has saved counts. */
  undo: () => void;
};

/** Somebody else has saved rules while these were edited: the person decides what counts. */
export function Overtaken({ last, keep, undo }: Props) {
  const words = useMessages().regles.entreTemps;
  const author = useAuthorName(last?.auteur ?? '');
  return (
    <div className="notice overtaken" role="alert">
      <div>
        <p>{words.dit(author, last?.at ? instant(last.at) : '', last?.motif ?? '')}</p>
        <ul>
          {last?.apres.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
        <div className="buttons">
          <Button className="button" onPress={undo}>
            {words.prendre}
          </Button>
          <Button className="button" onPress={keep}>
            {words.garder}
          </Button>
        </div>
      </div>
    </div>
  );
}

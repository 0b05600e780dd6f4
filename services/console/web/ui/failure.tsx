import { Button } from 'react-aria-components';
import { inWords } from '../errors.ts';
import { useMessages } from '../messages/use-messages.ts';

/** What went wrong, in words, and another try where that may help. */
export function Failure({ error, retry }: { error: unknown; retry?: () => unknown }) {
  const m = useMessages();
  const { text, reference } = inWords(error, m);
  return (
    <div className="failure" role="alert">
      <p>{text}</p>
      {reference && <p className="quiet">{m.erreurs.reference(reference)}</p>}
      {retry && (
        <Button className="button" onPress={() => void retry()}>
          {m.reessayer}
        </Button>
      )}
    </div>
  );
}

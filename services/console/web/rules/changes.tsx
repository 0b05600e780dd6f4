import type { Timestamp } from '@bufbuild/protobuf/wkt';
import { useAuthorName } from '../clients.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** A change of rules, the rules as sentences. */
export type Change = {
  id: string;
  auteur: string;
  motif: string;
  at: Timestamp | undefined;
  avant: string[];
  apres: string[];
};

type Props = { changes: Change[] | undefined; error: unknown; retry: () => unknown };

/** Who changed the rules, when and why: what was, and what is. */
export function Changes({ changes, error, retry }: Props) {
  const m = useMessages();
  const words = m.regles.historique;
  return (
    <section className="panel changes" aria-label={words.titre}>
      <header>
        <h2>{words.titre}</h2>
      </header>
      {error && !changes ? (
        <Failure error={error} retry={retry} />
      ) : !changes ? (
        <Waiting lines={3} />
      ) : changes.length === 0 ? (
        <p className="quiet">{words.aucun}</p>
      ) : (
        <ol className="history">
          {changes.map((change) => (
            <Entry key={change.id} change={change} />
          ))}
        </ol>
      )}
    </section>
  );
}

function Entry({ change: { auteur, motif, at, avant, apres } }: { change: Change }) {
  const words = useMessages().regles.historique;
  const author = useAuthorName(auteur);
  const gone = avant.filter((sentence) => !apres.includes(sentence));
  const come = apres.filter((sentence) => !avant.includes(sentence));
  return (
    <li>
      <p>
        <span className="what">{author}</span> <span className="quiet">{at && instant(at)}</span>
      </p>
      {motif && <p>{motif}</p>}
      <ul className="quiet">
        {gone.map((sentence) => (
          <li key={sentence}>
            <del>{sentence}</del>
          </li>
        ))}
        {come.map((sentence) => (
          <li key={sentence}>
            <ins>{sentence}</ins>
          </li>
        ))}
      </ul>
      {apres.length === 0 && <p className="quiet">{words.plusDePropres}</p>}
      {apres.length > 0 && gone.length + come.length === 0 && <p className="quiet">{words.rien}</p>}
    </li>
  );
}

import '../style/search.css';
import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { RechercheService } from '../../gen/proto/clients/recherche_pb.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { FoundLine } from './found-line.tsx';
import { pathOf } from './path-of.ts';

const route = getRouteApi('/frame/recherche');
const PER_KIND = 50;

/** Everything that was found for a text. */
export function FoundPage() {
  const m = useMessages();
  const { texte }: { texte: string } = route.useSearch();
  const { data, error, isPending, refetch } = useQuery(
    RechercheService.method.rechercher,
    { texte, parGenre: PER_KIND },
    { enabled: texte !== '' },
  );
  useTitle(m.recherche.titre(texte));
  return (
    <div className="narrow">
      <h1>{m.recherche.titre(texte)}</h1>
      {texte === '' ? null : error ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting />
      ) : data.groupes.length === 0 ? (
        <p className="empty" role="status">
          {m.recherche.rien(texte)}
        </p>
      ) : (
        data.groupes.map(({ genre, trouves, encore, indisponible }) => (
          <section key={genre} className="panel found" aria-label={m.recherche.groupes[genre]}>
            <h2>{m.recherche.groupes[genre]}</h2>
            {indisponible && <p className="notice">{m.recherche.indisponible}</p>}
            <ul>
              {trouves.map((found) => (
                <li key={found.id}>
                  <Link to={pathOf(genre, found) as '/'}>
                    <FoundLine found={found} />
                  </Link>
                </li>
              ))}
            </ul>
            {encore && <p className="quiet">{m.recherche.encore}</p>}
          </section>
        ))
      )}
      <p className="quiet hint">{m.recherche.comment}</p>
    </div>
  );
}

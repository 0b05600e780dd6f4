import { useQuery } from '@connectrpc/connect-query';
import { Link } from '@tanstack/react-router';
import { AlertesService } from '../../gen/proto/dashboard/dashboard_pb.ts';
import { amount } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';

/** As many as a person looks at in the morning; the aging balance has all. */
const SHOWN = 8;

/** What needs a look: a drop in income, and the invoices that are overdue, the newest first. */
export function Alerts({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  const { data, error, refetch } = useQuery(AlertesService.method.getAlertes, {
    ...{ organisationId, pageSize: SHOWN },
  });
  if (error && !data) return <Failure error={error} retry={refetch} />;
  if (!data?.alertes.length) return null;
  return (
    <section className="panel alerts" aria-label={m.alertes.titre}>
      <header>
        <h2>{m.alertes.titre}</h2>
        {data.nextPageToken && <p className="quiet">{m.alertes.premieres(data.alertes.length)}</p>}
      </header>
      <ul>
        {data.alertes.map(({ type, reference, message, montant }) => (
          <li key={`${type}/${reference}`}>
            {reference ? (
              <Link className="link" to="/factures/$id" params={{ id: reference }}>
                {message}
              </Link>
            ) : (
              <span>{message}</span>
            )}
            {montant > 0n && !message.includes('€') && <span className="amount">{amount(montant)}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

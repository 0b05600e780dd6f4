import '../style/invoice.css';
import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi, Link, Navigate } from '@tanstack/react-router';
import { InvoiceService } from '../../gen/proto/factures/factures_pb.ts';
import { nameOf, useClients } from '../clients.ts';
import { amount, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisationName } from '../organisations.ts';
import { Failure } from '../ui/failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';

const route = getRouteApi('/frame/factures');

/** The invoices with a number: one leads to its page, several organisations may have the same. */
export function FoundInvoices() {
  const m = useMessages();
  const { numero }: { numero: string } = route.useSearch();
  // people also write it in small letters
  const wanted = numero.trim().toUpperCase();
  const { data, error, isPending, refetch } = useQuery(
    InvoiceService.method.list,
    { numero: wanted, pageSize: 50 },
    { enabled: wanted !== '' },
  );
  const invoices = data?.invoices ?? [];
  const clients = useClients(invoices.map(({ clientId }) => clientId));
  const organisationName = useOrganisationName();
  useTitle(m.factures.titre(numero));
  const [only, ...others] = invoices;
  if (only && others.length === 0) return <Navigate to="/factures/$id" params={{ id: only.id }} replace />;
  return (
    <div className="narrow">
      <h1>{m.factures.titre(numero)}</h1>
      {wanted === '' ? (
        <p className="empty panel">{m.factures.sansNumero}</p>
      ) : error ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting />
      ) : invoices.length === 0 ? (
        <div className="panel empty-page" role="status">
          <p>{m.factures.aucune(wanted)}</p>
          <p className="quiet">{m.factures.aucuneAide}</p>
        </div>
      ) : (
        <>
          <p className="quiet">{m.factures.plusieurs(invoices.length)}</p>
          <ul className="found panel">
            {invoices.map(({ id, clientId, organisationId, dateFacture, montant }) => {
              const client = clients.get(clientId);
              return (
                <li key={id}>
                  <Link to="/factures/$id" params={{ id }}>
                    <span className="what">{client ? nameOf(client) : clientId}</span>
                    <span className="quiet">
                      {organisationName(organisationId)} · {shortDay(dateFacture)}
                    </span>
                    <span className="amount">{amount(montant)}</span>
                  </Link>
                </li>
              );
            })}
          </ul>
        </>
      )}
    </div>
  );
}

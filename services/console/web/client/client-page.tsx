import '../style/invoice.css';
import '../style/client.css';
import { Code, ConnectError } from '@connectrpc/connect';
import { useQuery } from '@connectrpc/connect-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { ClientBaseService } from '../../gen/proto/clients/clients_pb.ts';
import { nameOf } from '../clients.ts';
import { Holds } from '../invoice/holds.tsx';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { ClientHead } from './client-head.tsx';
import { Coming } from './coming.tsx';
import { ContactDialog, type Contact } from './contact-dialog.tsx';
import { Owed } from './owed.tsx';
import type { ClientSearch, Look } from './route.ts';
import { Timeline } from './timeline.tsx';
import { useKeys } from './use-keys.ts';
import { useOpenInvoices } from './use-open-invoices.ts';

const route = getRouteApi('/frame/clients/$id');

/** A client: what happened, what he owes, what is coming, and what may be done about it. */
export function ClientPage() {
  const m = useMessages();
  // the router's types are in a circle here: it is told this page by a lazy import
  const { id }: { id: string } = route.useParams();
  const search: ClientSearch = route.useSearch();
  const navigate = route.useNavigate();
  const [contact, setContact] = useState<Contact>();
  const { data: client, error, refetch } = useQuery(ClientBaseService.method.get, { id });
  const owed = useOpenInvoices(id);
  useTitle(client ? nameOf(client) : m.client.titre);
  useKeys({ n: () => setContact('note'), c: () => setContact('appel') }, client !== undefined && !contact);
  if (error && !client)
    return ConnectError.from(error).code === Code.NotFound ? (
      <div className="panel empty-page">
        <h1>{m.client.introuvable}</h1>
        <p className="quiet">{m.client.introuvableAide}</p>
      </div>
    ) : (
      <Failure error={error} retry={refetch} />
    );
  if (!client) return <Waiting lines={8} />;
  const look = (changes: Look) =>
    void navigate({ search: (before: ClientSearch) => ({ ...before, ...changes }), replace: true } as never);
  return (
    <div className="client">
      <ClientHead client={client} owed={owed.data} write={setContact} />
      <div className="columns">
        <Timeline
          clientId={id}
          voir={search.voir}
          facture={owed.data?.invoices.find(({ id: one }) => one === search.facture) ?? search.facture}
          look={look}
        />
        <div className="stack">
          <Owed owed={owed} look={(facture) => look({ facture })} />
          <Holds
            whose={{ organisationId: client.organisationId, clientId: id }}
            canHold={(owed.data?.invoices.length ?? 0) > 0}
          />
          <Coming clientId={id} />
        </div>
      </div>
      {contact && <ContactDialog contact={contact} client={client} close={() => setContact(undefined)} />}
    </div>
  );
}

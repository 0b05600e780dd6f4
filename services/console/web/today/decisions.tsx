import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { useInfiniteQuery } from '@connectrpc/connect-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'react-aria-components';
import { HistoriqueRelanceService, type HistoriqueRelance } from '../../gen/proto/relance/relance_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { nameOf, useAuthorName, useClients } from '../clients.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, today } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';

/** What people have decided about reminders since yesterday: what, by whom, why. */
export function Decisions({ organisationId }: { organisationId: string }) {
  const m = useMessages();
  // the same request all day; the day begins in Paris one or two hours before it does in UTC
  const depuis = timestampFromDate(new Date(`${daysAfter(today(), -1)}T00:00:00+01:00`));
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(
    HistoriqueRelanceService.method.list,
    { organisationId, depuis, decisionsSeulement: true, pageSize: 20, pageToken: '' },
    BY_TOKEN,
  );
  const entries = (data?.pages ?? []).flatMap((page) => page.historique);
  const clients = useClients(entries.map(({ clientId }) => clientId));
  return (
    <section className="panel history" aria-label={m.decisions.titre}>
      <header>
        <h2>{m.decisions.titre}</h2>
      </header>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : data && entries.length === 0 ? (
        <p className="empty">{m.decisions.aucune}</p>
      ) : (
        <ol>
          {entries.map((entry) => {
            const client = clients.get(entry.clientId);
            return <Decision key={entry.id} entry={entry} client={client ? nameOf(client) : ''} />;
          })}
        </ol>
      )}
      {hasNextPage && (
        <Button className="button plain" onPress={() => void fetchNextPage()}>
          {m.historique.suite}
        </Button>
      )}
    </section>
  );
}

function Decision({ entry, client }: { entry: HistoriqueRelance; client: string }) {
  const m = useMessages();
  const { action, niveau, auteur, motif, detail, createdAt, invoiceId } = entry;
  const name = useAuthorName(auteur);
  return (
    <li>
      <p className="what">
        <Link className="link" to="/factures/$id" params={{ id: invoiceId }}>
          {m.historique.actions[action] ?? m.historique.autre}
          {client && ` · ${client}`}
        </Link>
        {niveau > 0 && <span className="quiet"> · {m.historique.niveau(niveau)}</span>}
      </p>
      {motif && <p className="text">{motif}</p>}
      {detail && <p className="text quiet">{detail}</p>}
      <p className="quiet">
        {createdAt && instant(createdAt)} · {name}
      </p>
    </li>
  );
}

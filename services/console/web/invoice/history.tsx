import { useInfiniteQuery } from '@connectrpc/connect-query';
import { Button } from 'react-aria-components';
import { HistoriqueRelanceService, type HistoriqueRelance } from '../../gen/proto/relance/relance_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { useAuthorName } from '../clients.ts';
import { instant } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { Failure } from '../ui/failure.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** What was done about the reminders of an invoice, by whom and why; the newest first. */
export function History({ invoiceId }: { invoiceId: string }) {
  const m = useMessages();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(
    HistoriqueRelanceService.method.list,
    { invoiceId, pageSize: 50, pageToken: '' },
    BY_TOKEN,
  );
  const entries = (data?.pages ?? []).flatMap((page) => page.historique);
  return (
    <section className="panel history" aria-label={m.historique.titre}>
      <header>
        <h2>{m.historique.titre}</h2>
      </header>
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting />
      ) : entries.length === 0 ? (
        <p className="empty">{m.historique.aucun}</p>
      ) : (
        <ol>
          {entries.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
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

function Entry({ entry }: { entry: HistoriqueRelance }) {
  const m = useMessages();
  const { action, niveau, auteur, motif, detail, createdAt } = entry;
  const isAutomatic = auteur.startsWith('service:') || auteur === 'Suivi';
  const name = useAuthorName(isAutomatic ? '' : auteur);
  return (
    <li>
      <p className="what">
        {m.historique.actions[action] ?? m.historique.autre}
        {niveau > 0 && <span className="quiet"> · {m.historique.niveau(niveau)}</span>}
      </p>
      {motif && <p className="text">{motif}</p>}
      {detail && <p className="text quiet">{detail}</p>}
      <p className="quiet">
        {createdAt && instant(createdAt)} · {isAutomatic ? m.historique.automatique : name}
      </p>
    </li>
  );
}

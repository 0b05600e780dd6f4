import { timestampDate } from '@bufbuild/protobuf/wkt';
import { createConnectQueryKey, useInfiniteQuery, useMutation } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { Button, Checkbox } from 'react-aria-components';
import { TacheService, type Tache } from '../../gen/proto/activites/activites_pb.ts';
import { nameOf, useClients, useUserNames } from '../clients.ts';
import { shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, dayOf, today } from '../paris-day.ts';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { say } from '../ui/said.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** The open tasks of an organisation that are due by a day, and those without a date. */
export function Tasks({ organisationId, au }: { organisationId: string; au: string }) {
  const m = useMessages();
  const queries = useQueryClient();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(
    TacheService.method.list,
    { organisationId, ouvertes: true, pageSize: 200, pageToken: '' },
    { pageParamKey: 'pageToken', getNextPageParam: ({ nextPageToken }) => nextPageToken || undefined },
  );
  const done = useMutation(TacheService.method.marquerTerminee, {
    onSettled: () =>
      queries.invalidateQueries({
        queryKey: createConnectQueryKey({ schema: TacheService.method.list, cardinality: 'infinite' }),
      }),
    onSuccess: async ({ titre }) => {
      say(m.taches.faiteDite(titre));
      await queries.invalidateQueries({ queryKey: ['agenda'] });
    },
  });
  const last = daysAfter(au, 1);
  const taches = (data?.pages ?? [])
    .flatMap((page) => page.taches)
    .filter(({ id }) => !(done.isPending && done.variables?.id === id))
    .filter(({ echeance }) => !echeance || dayOf(timestampDate(echeance)) < last)
    .sort((one, other) => dueAt(one) - dueAt(other));
  const clients = useClients(taches.map(({ clientId }) => clientId));
  const users = useUserNames(taches.map(({ assigneA }) => assigneA));
  return (
    <section className="tasks panel" aria-label={m.taches.titre}>
      <header>
        <h2>{m.taches.titre}</h2>
        {data && <p className="quiet">{m.taches.nombre(taches.length)}</p>}
      </header>
      {done.error && <Failure error={done.error} />}
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting />
      ) : taches.length === 0 && !hasNextPage ? (
        <p className="empty">{m.taches.aucune}</p>
      ) : (
        <ul>
          {taches.map((tache) => {
            const client = clients.get(tache.clientId);
            return (
              <Task
                key={tache.id}
                tache={tache}
                client={client && nameOf(client)}
                telephone={client?.telephone}
                assignee={users.get(tache.assigneA)}
                finish={() => done.mutate({ id: tache.id })}
              />
            );
          })}
        </ul>
      )}
      {hasNextPage && (
        <Button className="button plain" onPress={() => void fetchNextPage()}>
          {m.taches.suite}
        </Button>
      )}
    </section>
  );
}

type TaskProps = {
  tache: Tache;
  client: string | undefined;
  telephone: string | undefined;
  assignee: string | undefined;
  finish: () => void;
};

function Task({ tache, client, telephone, assignee, finish }: TaskProps) {
  const m = useMessages();
  const due = tache.echeance && dayOf(timestampDate(tache.echeance));
  return (
    <li className="task">
      <Checkbox
        className="checkbox"
        isSelected={false}
        onChange={finish}
        aria-label={m.taches.marquer(tache.titre)}
      >
        <span className="box" aria-hidden="true">
          <Icon name="check" />
        </span>
      </Checkbox>
      <div>
        <p className="what">{tache.titre}</p>
        <p className="quiet">
          <span className={due && due < today() ? 'overdue' : ''}>
            {due ? m.taches.pour(shortDay(due)) : m.taches.sansEcheance}
          </span>
          {client && ` · ${client}`}
          {assignee && ` · ${m.taches.assignee(assignee)}`}
        </p>
        {tache.description && <p className="text">{tache.description}</p>}
        {telephone && (
          <a className="link phone" href={`tel:${telephone.replace(/[^+\d]/g, '')}`}>
            <Icon name="phone" />
            {m.facture.appeler(telephone)}
          </a>
        )}
      </div>
    </li>
  );
}

/** Without a date: last. */
const dueAt = ({ echeance }: Tache): number => (echeance ? timestampDate(echeance).getTime() : Infinity);

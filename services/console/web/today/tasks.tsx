import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { createConnectQueryKey, useInfiniteQuery, useMutation } from '@connectrpc/connect-query';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Button, Checkbox, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { TacheService, type Tache } from '../../gen/proto/activites/activites_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { nameOf, useClients, useUserNames, useUsersOf } from '../clients.ts';
import { shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, dayOf, noonOf, today } from '../paris-day.ts';
import { Choice } from '../ui/choice.tsx';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { say } from '../ui/said.tsx';
import { Waiting } from '../ui/waiting.tsx';
import type { TaskDeed } from './task-dialog.tsx';

const TaskDialog = lazy(async () => ({ default: (await import('./task-dialog.tsx')).TaskDialog }));
const TaskHistory = lazy(async () => ({ default: (await import('./task-history.tsx')).TaskHistory }));

type Props = {
  organisationId: string;
  au: string;
  /** The user whose tasks are shown; empty: everybody's. */
  assigne: string;
  chooseAssignee: (userId: string) => void;
};

/** The open tasks of an organisation that are due by a day, and those without a date; the most urgent first. */
export function Tasks({ organisationId, au, assigne, chooseAssignee }: Props) {
  const m = useMessages();
  const queries = useQueryClient();
  const { data, error, isPending, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery(
    TacheService.method.list,
    {
      ...{ organisationId, assigneA: assigne, ouvertes: true, pageSize: 50, pageToken: '' },
      // the day after at noon is after the last day in Paris, and before any hour of work of the day after that
      ...{
        parEcheance: true,
        ouSansEcheance: true,
        echeanceAvant: timestampFromDate(noonOf(daysAfter(au, 1))),
      },
    },
    BY_TOKEN,
  );
  const [opened, setOpened] = useState<{ tache: Tache; deed: TaskDeed | 'historique' }>();
  const done = useMutation(TacheService.method.marquerTerminee, {
    onSettled: () =>
      queries.invalidateQueries({
        queryKey: createConnectQueryKey({ schema: TacheService.method.list, cardinality: 'infinite' }),
      }),
    onSuccess: ({ titre }) => say(m.taches.faiteDite(titre)),
  });
  const last = daysAfter(au, 1);
  const taches = (data?.pages ?? [])
    .flatMap((page) => page.taches)
    .filter(({ id }) => !(done.isPending && done.variables?.id === id))
    .filter(({ echeance }) => !echeance || dayOf(timestampDate(echeance)) < last);
  const clients = useClients(taches.map(({ clientId }) => clientId));
  const users = useUserNames([...taches.map(({ assigneA }) => assigneA), assigne]);
  const people = useUsersOf(organisationId);
  const shown = new Map([
    ...people.map(({ id, nom }) => [id, nom] as const),
    ...[...users].filter(([id]) => id),
  ]);
  const close = () => setOpened(undefined);
  return (
    <section className="tasks panel" aria-label={m.taches.titre}>
      <header>
        <h2>{m.taches.titre}</h2>
        {data && <p className="quiet">{m.taches.nombre(taches.length)}</p>}
      </header>
      {shown.size > 0 && (
        <Choice
          label={m.taches.deQui}
          options={[
            { id: '', nom: m.aujourdhui.tous },
            ...[...shown]
              .map(([id, nom]) => ({ id, nom }))
              .sort((one, other) => one.nom.localeCompare(other.nom)),
          ]}
          chosen={assigne}
          choose={chooseAssignee}
        />
      )}
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
                open={(deed) => setOpened({ tache, deed })}
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
      {opened && (
        <Suspense fallback={null}>
          {opened.deed === 'historique' ? (
            <TaskHistory tache={opened.tache} close={close} />
          ) : (
            <TaskDialog
              // as it is read now: somebody else may have changed it
              tache={taches.find(({ id }) => id === opened.tache.id) ?? opened.tache}
              deed={opened.deed}
              people={people}
              close={close}
            />
          )}
        </Suspense>
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
  open: (deed: TaskDeed | 'historique') => void;
};

/** The invoice that a reminder made the task about. */
const invoiceOf = ({ origine }: Tache): string | undefined => /^relance\/([^/]+)\//.exec(origine)?.[1];

function Task({ tache, client, telephone, assignee, finish, open }: TaskProps) {
  const m = useMessages();
  const due = tache.echeance && dayOf(timestampDate(tache.echeance));
  const invoiceId = invoiceOf(tache);
  const end = tache.clientId ? 'appel' : 'faite';
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
        <div className="task-links">
          {telephone && (
            <a className="link phone" href={`tel:${telephone.replace(/[^+\d]/g, '')}`}>
              <Icon name="phone" />
              {m.facture.appeler(telephone)}
            </a>
          )}
          {invoiceId && (
            <Link className="link" to="/factures/$id" params={{ id: invoiceId }}>
              {m.aujourdhui.ouvrirFacture}
            </Link>
          )}
        </div>
        <div className="task-deeds">
          <Button
            className="button small"
            onPress={() => open(end)}
            aria-label={m.taches.sur(m.taches.gestes[end].bouton, tache.titre)}
          >
            {m.taches.gestes[end].bouton}
          </Button>
          <MenuTrigger>
            <Button className="button small" aria-label={m.taches.sur(m.relances.autres, tache.titre)}>
              {m.relances.autres}
              <Icon name="down" />
            </Button>
            <Popover className="popover">
              <Menu
                className="menu"
                aria-label={m.taches.sur(m.relances.autres, tache.titre)}
                onAction={(key) => open(key as TaskDeed | 'historique')}
              >
                {(['deplacer', 'confier', 'modifier', 'abandonner'] as const).map((deed) => (
                  <MenuItem key={deed} id={deed}>
                    {m.taches.gestes[deed].bouton}
                  </MenuItem>
                ))}
                <MenuItem id="historique">{m.taches.historique}</MenuItem>
              </Menu>
            </Popover>
          </MenuTrigger>
        </div>
      </div>
    </li>
  );
}

import '../style/today.css';
import { useTransport } from '@connectrpc/connect-query';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { nameOf, useClients, useUserNames } from '../clients.ts';
import { amount } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { daysAfter, today } from '../paris-day.ts';
import type { TodayChanges, TodaySearch } from './route.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { ChooseOrganisation } from '../ui/choose-organisation.tsx';
import { Failure } from '../ui/failure.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { AgendaFilters } from './agenda-filters.tsx';
import { AgendaList } from './agenda-list.tsx';
import { groupByDay, matches } from './group-by-day.ts';
import { MOST_ENTRIES, readAgenda, type Agenda } from './read-agenda.ts';
import { Tasks } from './tasks.tsx';

const route = getRouteApi('/frame/');

/** What happens in the next days, and what there is to do. */
export function TodayPage() {
  const m = useMessages();
  const search = route.useSearch();
  const navigate = useNavigate({ from: '/' });
  useTitle(m.aujourdhui.titre);
  const { org } = useOrganisation();
  const jours = search.jours ?? 7;
  const change = (changes: TodayChanges) =>
    void navigate({ search: (before) => withoutEmpty({ ...before, ...changes }), replace: true });
  return (
    <div className="today">
      <header className="page-head">
        <div className="title">
          <h1>{m.aujourdhui.titre}</h1>
        </div>
        <ToggleButtonGroup
          className="segments"
          aria-label={m.aujourdhui.periode}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[String(jours)]}
          onSelectionChange={(keys) => change({ jours: Number([...keys][0]) as 1 | 7 | 30 })}
        >
          {([1, 7, 30] as const).map((days) => (
            <ToggleButton key={days} id={String(days)}>
              {m.aujourdhui.periodes[days]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </header>
      {org ? <Days org={org} jours={jours} search={search} change={change} /> : <ChooseOrganisation />}
    </div>
  );
}

type DaysProps = {
  org: string;
  jours: number;
  search: TodaySearch;
  change: (changes: TodayChanges) => void;
};

function Days({ org, jours, search, change }: DaysProps) {
  const m = useMessages();
  const transport = useTransport();
  const du = today();
  const au = daysAfter(du, jours - 1);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['agenda', org, du, au],
    queryFn: ({ signal }) => readAgenda(transport, { organisationId: org, du, au }, signal),
  });
  return (
    <div className="columns">
      <section aria-label={m.aujourdhui.titre}>
        {error && !data ? (
          <Failure error={error} retry={refetch} />
        ) : isPending ? (
          <Waiting lines={10} />
        ) : (
          <Filtered agenda={data} search={search} change={change} />
        )}
      </section>
      <Tasks
        key={org}
        organisationId={org}
        au={au}
        assigne={search.assigne ?? ''}
        chooseAssignee={(assigne) => change({ assigne })}
      />
    </div>
  );
}

function Filtered({ agenda, search, change }: { agenda: Agenda } & Pick<DaysProps, 'search' | 'change'>) {
  const m = useMessages();
  const { echeances, isCut } = agenda;
  const clients = useClients(echeances.map(({ clientId }) => clientId));
  const managers = [
    ...new Set([...clients.values()].map(({ gestionnaireId }) => gestionnaireId).filter(Boolean)),
  ];
  const users = useUserNames(managers);
  const clientName = (id: string) => {
    const client = clients.get(id);
    return client ? nameOf(client) : '';
  };
  const wanted = useDeferredValue(search);
  const shown = echeances.filter(matches(wanted, clientName, (id) => clients.get(id)?.gestionnaireId ?? ''));
  const days = groupByDay(shown, today());
  const total = days.reduce((sum, { aPrelever }) => sum + aPrelever, 0n);
  const hidden = echeances.length - shown.length;
  return (
    <>
      <AgendaFilters
        search={search}
        change={change}
        genres={[...new Set(echeances.map(({ genre }) => genre))].sort((one, other) => one - other)}
        responsables={managers
          .map((id) => ({ id, nom: users.get(id) ?? id }))
          .sort((one, other) => one.nom.localeCompare(other.nom))}
      />
      <p className="summary" role="status">
        <strong>{m.aujourdhui.resume(shown.length)}</strong>
        {total > 0n && ` · ${m.aujourdhui.prelever(amount(total))}`}
        {hidden > 0 && <span className="quiet"> · {m.aujourdhui.masquees(hidden)}</span>}
      </p>
      {isCut && <p className="notice">{m.aujourdhui.tropNombreuses(String(MOST_ENTRIES))}</p>}
      {days.length > 0 ? (
        <AgendaList days={days} nameOf={clientName} />
      ) : (
        <p className="empty panel">{hidden > 0 ? m.aujourdhui.aucuneFiltree : m.aujourdhui.aucune}</p>
      )}
    </>
  );
}

/** What is not filtered is not in the address. */
const withoutEmpty = (search: TodayChanges): TodaySearch =>
  Object.fromEntries(
    Object.entries(search).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );

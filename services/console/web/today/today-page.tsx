import '../style/today.css';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useDeferredValue } from 'react';
import { Button, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { GenreEcheance } from '../../gen/proto/relance/agenda_pb.ts';
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
import { Alerts } from './alerts.tsx';
import { Decisions } from './decisions.tsx';
import { groupByDay, matches } from './group-by-day.ts';
import { useAgenda, useAgendaDays } from './read-agenda.ts';
import { Tasks } from './tasks.tsx';
import { useLive } from './use-live.ts';

const route = getRouteApi('/frame/');

/** What happens in the next days, and what there is to do. */
export function TodayPage() {
  const m = useMessages();
  const search: TodaySearch = route.useSearch();
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
  const du = today();
  const au = daysAfter(du, jours - 1);
  useLive(org);
  return (
    <div className="columns">
      <Agenda org={org} du={du} au={au} search={search} change={change} />
      <div className="aside">
        <Tasks
          key={org}
          organisationId={org}
          au={au}
          assigne={search.assigne ?? ''}
          chooseAssignee={(assigne) => change({ assigne })}
        />
        <Alerts organisationId={org} />
        <Decisions organisationId={org} />
      </div>
    </div>
  );
}

function Agenda({
  org,
  du,
  au,
  search,
  change,
}: Pick<DaysProps, 'org' | 'search' | 'change'> & { du: string; au: string }) {
  const m = useMessages();
  const wanted = useDeferredValue(search);
  const scope = { organisationId: org, du, au, search: wanted };
  const { echeances, error, isPending, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useAgenda(scope);
  const counts = (useAgendaDays(scope) ?? []).filter(({ genre }) => genre !== GenreEcheance.TACHE);
  const clients = useClients((echeances ?? []).map(({ clientId }) => clientId));
  const managers = [
    ...new Set(
      [...[...clients.values()].map(({ gestionnaireId }) => gestionnaireId), search.responsable ?? ''].filter(
        Boolean,
      ),
    ),
  ];
  const users = useUserNames(managers);
  const clientName = (id: string) => {
    const client = clients.get(id);
    return client ? nameOf(client) : '';
  };
  const isWanted = ({ genre }: { genre: GenreEcheance }) =>
    !wanted.genres?.length || wanted.genres.includes(genre);
  const counted = counts.filter(isWanted);
  const number = counted.reduce((sum, { nombre }) => sum + nombre, 0);
  const shown = (echeances ?? []).filter(matches(wanted, clientName));
  const days = groupByDay(shown, today());
  const debits = counted.filter(({ genre }) => genre === GenreEcheance.PRELEVEMENT);
  const total = debits.reduce((sum, { montant }) => sum + montant, 0n);
  const isFiltered = Boolean(
    wanted.genres?.length || wanted.client || wanted.montant || wanted.responsable || wanted.retenues,
  );
  return (
    <section aria-label={m.aujourdhui.titre}>
      <AgendaFilters
        search={search}
        change={change}
        genres={[...new Set([...counts.map(({ genre }) => genre), ...(search.genres ?? [])])].sort(
          (one, other) => one - other,
        )}
        responsables={managers
          .map((id) => ({ id, nom: users.get(id) ?? id }))
          .sort((one, other) => one.nom.localeCompare(other.nom))}
      />
      {error && !echeances ? (
        <Failure error={error} retry={refetch} />
      ) : isPending ? (
        <Waiting lines={10} />
      ) : (
        <>
          <p className="summary" role="status">
            <strong>
              {m.aujourdhui.resume(wanted.client ? shown.length : Math.max(number, shown.length))}
            </strong>
            {total > 0n && ` · ${m.aujourdhui.prelever(amount(total))}`}
          </p>
          {days.length > 0 ? (
            <AgendaList days={days} nameOf={clientName} counts={wanted.client ? [] : counted} />
          ) : (
            <p className="empty panel">{isFiltered ? m.aujourdhui.aucuneFiltree : m.aujourdhui.aucune}</p>
          )}
          {hasNextPage && (
            <Button
              className="button plain"
              isDisabled={isFetchingNextPage}
              onPress={() => void fetchNextPage()}
            >
              {m.aujourdhui.suite}
            </Button>
          )}
        </>
      )}
    </section>
  );
}

/** What is not filtered is not in the address. */
const withoutEmpty = (search: TodayChanges): TodaySearch =>
  Object.fromEntries(
    Object.entries(search).filter(([, value]) => (Array.isArray(value) ? value.length > 0 : Boolean(value))),
  );

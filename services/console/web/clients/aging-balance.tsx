import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod, useInfiniteQuery, useTransport } from '@connectrpc/connect-query';
import { keepPreviousData, useMutation } from '@tanstack/react-query';
import { getRouteApi, Link, useLocation, useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Button } from 'react-aria-components';
import {
  ChiffresService,
  GroupeBalance,
  TriBalance,
  type LigneBalance,
} from '../../gen/proto/dashboard/chiffres_pb.ts';
import { BY_TOKEN } from '../by-token.ts';
import { readUserNames, useUserNames } from '../clients.ts';
import { amount, count, day } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { today } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Choice } from '../ui/choice.tsx';
import { csv } from '../ui/csv.ts';
import { saveFile } from '../ui/download.tsx';
import { Failure } from '../ui/failure.tsx';
import { DateField } from '../ui/fields.tsx';
import { Icon } from '../ui/icon.tsx';
import { say } from '../ui/said.tsx';
import { SavedViews } from '../ui/saved-views.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { BALANCE_COLUMNS, GROUPS, isPastDay, type ClientsSearch } from './route.ts';

const route = getRouteApi('/frame/clients');
const PAGE = 100;
const PAGE_OF_FILE = 200;

type Group = (typeof GROUPS)[number];
const GROUP_OF: Record<Group, GroupeBalance> = {
  client: GroupeBalance.PAR_CLIENT,
  responsable: GroupeBalance.PAR_RESPONSABLE,
  societe: GroupeBalance.PAR_SOCIETE,
};
type By = (typeof BALANCE_COLUMNS)[number];
const SORT_OF: Record<By, TriBalance> = {
  nom: TriBalance.NOM,
  nonEchu: TriBalance.NON_ECHU,
  retard130: TriBalance.RETARD_1_30,
  retard3160: TriBalance.RETARD_31_60,
  retard6190: TriBalance.RETARD_61_90,
  retardPlus90: TriBalance.RETARD_PLUS_90,
  total: TriBalance.TOTAL,
};
const AMOUNTS = BALANCE_COLUMNS.filter((column) => column !== 'nom');
const AMOUNT_PX = 128;

/** What was owed on a day, by how late it was; what is shown is in the address. */
export function AgingBalance() {
  const m = useMessages();
  const { org } = useOrganisation();
  const { date = today(), par = 'client' }: ClientsSearch = route.useSearch();
  const change = useChange();
  // the field keeps what is being written; another view (a link, or going back) gives it another day
  const place = useLocation({ select: ({ state }) => state.__TSR_index });
  useTitle(m.balance.titre);
  return (
    <>
      <section className="filters" aria-label={m.balance.titre}>
        <div className="fields">
          <DateField
            key={place}
            name="date"
            label={m.balance.date}
            first={date}
            to={today()}
            change={(chosen) => isPastDay(chosen) && change({ date: chosen })}
          />
          <Choice
            label={m.balance.par}
            options={GROUPS.map((id) => ({ id, nom: m.balance.groupes[id] }))}
            chosen={par}
            choose={(id) => change({ par: id as Group, tri: 'total', croissant: undefined })}
          />
        </div>
        <SavedViews room="clients" />
      </section>
      <Lines key={`${org} ${par}`} org={org} date={date} par={par} />
    </>
  );
}

function useChange() {
  const navigate = useNavigate({ from: '/clients' });
  return (changes: { [Key in keyof ClientsSearch]: ClientsSearch[Key] | undefined }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value)),
      replace: true,
    });
}

function Lines({ org, date, par }: { org: string; date: string; par: Group }) {
  const m = useMessages();
  const { tri = 'total', croissant = false }: ClientsSearch = route.useSearch();
  const change = useChange();
  const navigate = useNavigate();
  const transport = useTransport();
  const asked = {
    ...{ organisationId: org, au: date, groupe: GROUP_OF[par] },
    ...{ tri: SORT_OF[tri], croissant },
  };
  const query = useInfiniteQuery(
    ChiffresService.method.getBalanceAgee,
    { ...asked, pageSize: PAGE, pageToken: '' },
    {
      ...BY_TOKEN,
      placeholderData: keepPreviousData,
    },
  );
  const rows = useMemo(() => query.data?.pages.flatMap(({ lignes }) => lignes) ?? [], [query.data]);
  const users = useUserNames(par === 'responsable' ? rows.map(({ id }) => id) : []);
  const name = (line: LigneBalance, names: ReadonlyMap<string, string>) =>
    line.nom || names.get(line.id) || m.balance.inconnus[par];
  const columns: Column<LigneBalance>[] = [
    {
      ...{ id: 'nom', title: m.balance.groupes[par] },
      // the service does not know the names of users
      ...(par !== 'responsable' && { sortBy: true as const }),
      cell: (line) =>
        par === 'client' ? (
          <Link to="/clients/$id" params={{ id: line.id }}>
            {name(line, users)}
          </Link>
        ) : (
          name(line, users)
        ),
    },
    ...AMOUNTS.map((id): Column<LigneBalance> => ({
      ...{ id, title: m.balance.colonnes[id], sortBy: true, isLargestFirst: true },
      ...{ isNumber: true, width: AMOUNT_PX, cell: ({ montants }) => amount(montants?.[id] ?? 0n) },
    })),
  ];
  const file = useMutation({
    async mutationFn() {
      const all = await readAll(transport, asked);
      const names =
        par === 'responsable'
          ? await readUserNames(transport, all.map(({ id }) => id).filter(Boolean))
          : users;
      const cells = all.map((line) => [name(line, names), ...AMOUNTS.map((id) => line.montants?.[id] ?? 0n)]);
      const content = csv(
        columns.map(({ title }) => title),
        cells,
      );
      const fileName = `balance-agee-${date}.csv`;
      saveFile({ name: fileName, type: 'text/csv', content: [content] });
      return fileName;
    },
    onSuccess: (fileName) => say(m.telecharge(fileName)),
  });
  if (query.error && !query.data) return <Failure error={query.error} retry={query.refetch} />;
  if (query.isPending) return <Waiting lines={10} />;
  const { au, totaux } = query.data.pages[0]!;
  const invoices = Number(totaux?.nombre ?? 0n);
  return (
    <>
      <div className="list-head">
        <p className="quiet" role="status">
          {m.balance.factures(invoices, count(invoices), day(au))}
        </p>
        <Button className="button" onPress={() => file.mutate()} isPending={file.isPending}>
          <Icon name="download" />
          {file.isPending ? m.enCours : m.clients.exporter}
        </Button>
      </div>
      {file.error && <Failure error={file.error} />}
      {query.error && !query.isFetchNextPageError && <Failure error={query.error} retry={query.refetch} />}
      <Table
        label={m.balance.titre}
        columns={columns}
        rows={rows}
        idOf={({ id }) => id || 'aucun'}
        nameOf={(line) => name(line, users)}
        {...(par === 'client' && {
          open: ({ id }: LigneBalance) => void navigate({ to: '/clients/$id', params: { id } }),
        })}
        sort={{ by: tri, desc: !croissant }}
        changeSort={({ by, desc }) => change({ tri: by as By, croissant: desc ? undefined : true })}
        isSortedByServer
        more={query}
        totals={{
          nom: m.balance.colonnes.total,
          ...Object.fromEntries(AMOUNTS.map((id) => [id, amount(totaux?.[id] ?? 0n)])),
        }}
        empty={m.balance.vide(day(au))}
      />
    </>
  );
}

/** All lines, in the order that is shown: the file is not only what has been scrolled to. */
async function readAll(transport: Transport, asked: object): Promise<LigneBalance[]> {
  const all: LigneBalance[] = [];
  let pageToken = '';
  do {
    const request = { ...asked, pageSize: PAGE_OF_FILE, pageToken };
    const page = await callUnaryMethod(transport, ChiffresService.method.getBalanceAgee, request);
    all.push(...page.lignes);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return all;
}

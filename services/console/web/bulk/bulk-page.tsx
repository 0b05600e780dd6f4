import '../style/bulk.css';
import { useTransport } from '@connectrpc/connect-query';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useDeferredValue, useEffect, useMemo, useState } from 'react';
import { Button, Checkbox, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { ResultatCommande } from '../../gen/proto/commandes/commandes_pb.ts';
import { useUserNames, useUsersOf } from '../clients.ts';
import { amount, count, instant, shortDay } from '../format.ts';
import type { Messages } from '../messages/fr.ts';
import { useMessages } from '../messages/use-messages.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Choice } from '../ui/choice.tsx';
import { ChooseOrganisation } from '../ui/choose-organisation.tsx';
import { Failure } from '../ui/failure.tsx';
import { Icon } from '../ui/icon.tsx';
import { isChosen, NOTHING, useSelection } from '../ui/selection.ts';
import { Table, type Column, type Sort } from '../ui/table.tsx';
import { useTitle } from '../ui/use-title.ts';
import { Waiting } from '../ui/waiting.tsx';
import { COMMANDS, ENDS, type BulkCommand } from './commands.ts';
import { FilterField } from './filter-field.tsx';
import { MOST, readSelection, type Page } from './read-selection.ts';
import { withoutEmpty, type BulkSearch } from './route.ts';

const BulkDialog = lazy(async () => ({ default: (await import('./bulk-dialog.tsx')).BulkDialog }));

const route = getRouteApi('/frame/actions-groupees');

type Change = (changes: { [K in keyof BulkSearch]: BulkSearch[K] | undefined }) => void;

/** Running reminders or retries by a filter, to do one thing with many of them. */
export function BulkPage() {
  const m = useMessages();
  // the router's types are in a circle here: it is told this page by a lazy import
  const search: BulkSearch = route.useSearch();
  const navigate = useNavigate({ from: '/actions-groupees' });
  useTitle(m.lots.titre);
  const { org } = useOrganisation();
  const change: Change = (changes) =>
    void navigate({ search: (before: BulkSearch) => withoutEmpty({ ...before, ...changes }), replace: true });
  return (
    <div className="lots">
      <header className="page-head">
        <div className="title">
          <h1>{m.lots.titre}</h1>
          <p className="quiet hint">{m.lots.aide}</p>
        </div>
        <ToggleButtonGroup
          className="segments"
          aria-label={m.lots.suivi}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[search.suivi ?? 'relances']}
          onSelectionChange={(keys) =>
            change({
              suivi: [...keys][0] === 'reessais' ? 'reessais' : undefined,
              ...{ statut: undefined, niveau: undefined, motif: undefined },
            })
          }
        >
          {(['relances', 'reessais'] as const).map((kind) => (
            <ToggleButton key={kind} id={kind}>
              {m.lots.suivis[kind]}
            </ToggleButton>
          ))}
        </ToggleButtonGroup>
      </header>
      {org ? <FollowUps search={{ ...search, org }} change={change} /> : <ChooseOrganisation />}
    </div>
  );
}

function FollowUps({ search, change }: { search: BulkSearch & { org: string }; change: Change }) {
  const m = useMessages();
  const transport = useTransport();
  const { client = '', ...asked } = search;
  const key = useDeferredValue(JSON.stringify(asked));
  const wanted = useMemo(() => JSON.parse(key) as BulkSearch & { org: string }, [key]);
  const list = useInfiniteQuery({
    queryKey: ['lots', key],
    queryFn: ({ pageParam, signal }): Promise<Page> => readSelection(transport, wanted, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ nextPageToken }: Page) => nextPageToken || undefined,
    placeholderData: keepPreviousData,
    // what somebody chooses from stays as it was read, until he reads it again
    staleTime: Infinity,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = list;
  const rows = useMemo(() => data?.pages.flatMap(({ suivis }) => suivis) ?? [], [data]);
  const isCut = rows.length >= MOST;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && !error && !isCut) void fetchNextPage();
  });
  const isReading = list.isPending || list.isPlaceholderData || (hasNextPage && !isCut && !error);
  const sought = fold(client);
  const shown = useMemo(
    () => (sought ? rows.filter((row) => fold(row.client).includes(sought)) : rows),
    [rows, sought],
  );
  return (
    <>
      <Filters search={search} change={change} rows={rows} />
      <div className="summary" role="status">
        {isReading ? (
          <span>{m.lots.lecture(count(rows.length))}</span>
        ) : (
          <>
            <strong>{m.lots.correspondent(shown.length, count(shown.length))}</strong>
            <span className="amount">{amount(sum(shown))}</span>
          </>
        )}
        <Button className="button plain" onPress={() => void refetch()}>
          <Icon name="retry" />
          {m.lots.relire}
        </Button>
      </div>
      {isCut && <p className="notice">{m.lots.tropNombreux(count(MOST))}</p>}
      {error && rows.length === 0 ? (
        <Failure error={error} retry={refetch} />
      ) : list.isPending ? (
        <Waiting lines={10} />
      ) : (
        <>
          {error && <Failure error={error} retry={refetch} />}
          <Rows
            key={`${key}/${sought}`}
            rows={shown}
            search={wanted}
            filter={`${key}/${sought}`}
            isReading={isReading}
          />
        </>
      )}
    </>
  );
}

type RowsProps = {
  rows: ResultatCommande[];
  search: BulkSearch & { org: string };
  filter: string;
  isReading: boolean;
};

function Rows({ rows, search, filter, isReading }: RowsProps) {
  const m = useMessages();
  const kind = search.suivi ?? 'relances';
  const [selection, select] = useSelection(filter);
  const [sort, setSort] = useState<Sort>({ by: 'quand', desc: false });
  const [command, setCommand] = useState<BulkCommand>();
  const users = useUserNames(rows.map(({ gestionnaireId }) => gestionnaireId));
  const columns = useMemo(() => columnsOf(m, kind, users), [m, kind, users]);
  const chosen = rows.filter(({ id }) => isChosen(selection, id));
  return (
    <>
      <Table
        label={m.lots.suivis[kind]}
        columns={columns}
        rows={rows}
        idOf={({ id }) => id}
        nameOf={({ numeroFacture, client }) => `${numeroFacture} ${client}`}
        sort={sort}
        changeSort={setSort}
        selection={{
          chosen: selection,
          change: select,
          matching: rows.length,
          actions: (
            <>
              <strong>{amount(sum(chosen))}</strong>
              {COMMANDS[kind].map((one) => (
                <Button
                  key={one}
                  className={ENDS.has(one) ? 'button danger' : 'button'}
                  // all are the filter's only once all were read
                  isDisabled={isReading}
                  onPress={() => setCommand(one)}
                >
                  {m.lots.commandes[one].bouton}
                </Button>
              ))}
            </>
          ),
        }}
        empty={<p>{m.lots.aucun}</p>}
        totals={{ facture: m.lots.total, montant: amount(sum(rows)) }}
      />
      {command && (
        <Suspense fallback={null}>
          <BulkDialog
            command={command}
            suivis={chosen}
            listed={rows.length}
            search={search}
            close={(isDone) => {
              setCommand(undefined);
              if (isDone) select(NOTHING);
            }}
          />
        </Suspense>
      )}
    </>
  );
}

const sum = (rows: ResultatCommande[]): bigint => rows.reduce((total, { montant }) => total + montant, 0n);

/** For comparing names as people write them. */
const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

function columnsOf(
  m: Messages,
  kind: 'relances' | 'reessais',
  users: ReadonlyMap<string, string>,
): Column<ResultatCommande>[] {
  const { colonnes, statuts } = m.lots;
  const manager = ({ gestionnaireId }: ResultatCommande) => users.get(gestionnaireId) ?? gestionnaireId;
  return [
    {
      id: 'facture',
      title: colonnes.facture,
      cell: ({ invoiceId, numeroFacture }) => (
        <Link className="link" to="/factures/$id" params={{ id: invoiceId }}>
          {numeroFacture || m.lots.inconnue}
        </Link>
      ),
      sortBy: ({ numeroFacture }) => numeroFacture,
      width: 140,
    },
    { id: 'client', title: colonnes.client, cell: ({ client }) => client, sortBy: ({ client }) => client },
    {
      id: 'numero',
      title: kind === 'relances' ? colonnes.niveau : colonnes.presentation,
      cell: ({ numero }) => (numero > 0 ? numero : '—'),
      sortBy: ({ numero }) => numero,
      isNumber: true,
      width: 110,
    },
    {
      id: 'quand',
      title: colonnes.quand,
      cell: ({ prochaineAt }) => (prochaineAt ? instant(prochaineAt) : m.lots.sansDate),
      sortBy: ({ prochaineAt }) => prochaineAt?.seconds ?? MAX,
      width: 210,
    },
    {
      id: 'statut',
      title: colonnes.statut,
      cell: ({ statut }) => statuts[statut] ?? statut,
      sortBy: ({ statut }) => statuts[statut] ?? statut,
      width: 120,
    },
    {
      id: 'retard',
      title: colonnes.echeance,
      cell: ({ dateEcheance, retardJours }) => (
        <>
          {dateEcheance && shortDay(dateEcheance)}
          {retardJours > 0 && <span className="mark bad late-for">{m.lots.jours(retardJours)}</span>}
        </>
      ),
      sortBy: ({ dateEcheance }) => dateEcheance,
      width: 160,
    },
    { id: 'responsable', title: colonnes.responsable, cell: manager, sortBy: manager, width: 150 },
    {
      id: 'montant',
      title: kind === 'relances' ? colonnes.reste : colonnes.montant,
      cell: ({ montant }) => amount(montant),
      sortBy: ({ montant }) => montant,
      isLargestFirst: true,
      isNumber: true,
      width: 130,
    },
  ];
}

const MAX = 1n << 62n;

function Filters({
  search,
  change,
  rows,
}: {
  search: BulkSearch & { org: string };
  change: Change;
  rows: ResultatCommande[];
}) {
  const m = useMessages();
  const { org, suivi, statut = 0, niveau = 0, client = '', responsable = '' } = search;
  const people = useUsersOf(org);
  const named = useUserNames([...rows.map(({ gestionnaireId }) => gestionnaireId), responsable]);
  const managers = new Map([...people.map(({ id, nom }) => [id, nom] as const), ...named]);
  const all = { id: '', nom: m.aujourdhui.tous };
  return (
    <section className="filters" aria-label={m.aujourdhui.filtres}>
      <div className="fields">
        <Choice
          label={m.lots.colonnes.statut}
          options={[{ id: '0', nom: m.lots.enMarche }, ...m.lots.etats[suivi ?? 'relances']]}
          chosen={String(statut)}
          choose={(id) => change({ statut: Number(id) })}
        />
        {suivi === 'reessais' ? (
          <FilterField
            label={m.lots.motifRejet}
            value={search.motif ?? ''}
            change={(motif) =>
              change({
                motif: motif
                  .toUpperCase()
                  .replace(/[^A-Z0-9]/g, '')
                  .slice(0, 10),
              })
            }
          />
        ) : (
          <FilterField
            label={m.lots.colonnes.niveau}
            value={niveau ? String(niveau) : ''}
            isNumber
            change={(text) => change({ niveau: Math.min(Math.round(Number(text)), 20) || undefined })}
          />
        )}
        <FilterField
          label={m.lots.colonnes.client}
          value={client}
          change={(text) => change({ client: text })}
        />
        <Choice
          label={m.lots.colonnes.responsable}
          options={[
            all,
            ...[...managers]
              .map(([id, nom]) => ({ id, nom }))
              .sort((one, other) => one.nom.localeCompare(other.nom)),
          ]}
          chosen={responsable}
          choose={(id) => change({ responsable: id })}
        />
        <FilterField
          label={m.aujourdhui.montantMinimum}
          value={search.montant ? String(search.montant) : ''}
          isNumber
          change={(text) => change({ montant: Number(text.replace(',', '.')) || undefined })}
        />
        <FilterField
          label={m.lots.echueDepuis}
          value={search.retard ? String(search.retard) : ''}
          isNumber
          change={(text) => change({ retard: Math.min(Math.round(Number(text)), 3660) || undefined })}
        />
        <Checkbox
          className="checkbox"
          isSelected={search.enRetard ?? false}
          onChange={(enRetard) => change({ enRetard })}
        >
          <span className="box" aria-hidden="true" />
          {m.lots.seulementEnRetard}
        </Checkbox>
      </div>
    </section>
  );
}

import { timestampDate } from '@bufbuild/protobuf/wkt';
import { keepPreviousData } from '@tanstack/react-query';
import { useInfiniteQuery, useQuery } from '@connectrpc/connect-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useMemo } from 'react';
import {
  RetryAdminService,
  StatutRetry,
  StatutTentative,
  type PartDeRetry,
  type RetrySchedule,
} from '../../gen/proto/retry/retry_pb.ts';
import { amount, instant, shortDay } from '../format.ts';
import { useMessages } from '../messages/use-messages.ts';
import { dayOf } from '../paris-day.ts';
import { useOrganisation } from '../shell/organisation.ts';
import { Choice } from '../ui/choice.tsx';
import { Failure } from '../ui/failure.tsx';
import { Table, type Column } from '../ui/table.tsx';
import { Waiting } from '../ui/waiting.tsx';
import { ClientName, Lines, Reason, Subject } from './cells.tsx';
import { DayRange } from './day-range.tsx';
import { useNames, useReasons } from './names.ts';
import { PAGING } from './paging.ts';
import type { RetriesSearch } from './route.ts';

const route = getRouteApi('/frame/prelevements/representations');
const RetryDialog = lazy(async () => ({ default: (await import('./retry-dialogs.tsx')).RetryDialog }));
const STATES = [
  StatutRetry.PLANIFIE,
  StatutRetry.EN_COURS,
  StatutRetry.ENCAISSE,
  StatutRetry.EPUISE,
  StatutRetry.ARRETE,
];
const MARKS: Partial<Record<StatutRetry, string>> = {
  [StatutRetry.ENCAISSE]: 'good',
  [StatutRetry.EPUISE]: 'bad',
  [StatutRetry.ARRETE]: 'warn',
};

/** The rejected debits that are presented again, by the day of their next presentation and by reason. */
export function Retries() {
  const m = useMessages();
  const words = m.prelevements.representations;
  const { org } = useOrganisation();
  const { statut = 0, motif = '', du = '', au = '', prelevement }: RetriesSearch = route.useSearch();
  const navigate = useNavigate({ from: '/prelevements/representations' });
  const change = (changes: {
    statut?: number | undefined;
    motif?: string | undefined;
    prelevement?: string | undefined;
  }) =>
    void navigate({
      search: (before) =>
        Object.fromEntries(
          Object.entries({ ...before, ...changes }).filter(([, value]) => value),
        ) as typeof before,
      replace: true,
    });
  const { data, error, isPending, refetch, ...more } = useInfiniteQuery(
    RetryAdminService.method.listSchedules,
    {
      ...{ organisationId: org, statut, motifRejet: motif, prochaineDu: du, prochaineAu: au },
      ...{ parDate: true, pageSize: 100, pageToken: '' },
    },
    { ...PAGING, placeholderData: keepPreviousData },
  );
  const { data: repartition } = useQuery(RetryAdminService.method.getRepartition, { organisationId: org });
  const rows = useMemo(() => data?.pages.flatMap(({ schedules }) => schedules) ?? [], [data]);
  const names = useNames(rows);
  const reasons = useReasons();
  const columns = useMemo((): Column<RetrySchedule>[] => {
    const { colonnes, representations } = m.prelevements;
    return [
      {
        id: 'client',
        title: colonnes.client,
        cell: ({ clientId }) => <ClientName id={clientId} names={names} />,
      },
      { id: 'objet', title: colonnes.objet, cell: (row) => <Subject debit={row} names={names} /> },
      {
        id: 'montant',
        title: colonnes.montant,
        width: 130,
        isNumber: true,
        cell: ({ montant }) => amount(montant),
      },
      {
        id: 'motif',
        title: representations.motif,
        width: 260,
        cell: (row) => <Reason code={row.motifRejet} />,
      },
      {
        id: 'rejet',
        title: representations.colonnes.rejet,
        width: 110,
        cell: ({ dateRejet }) => dateRejet && shortDay(dayOf(timestampDate(dateRejet))),
      },
      {
        id: 'prochaine',
        title: representations.colonnes.prochaine,
        width: 190,
        cell: ({ prochaineAt, motifFin }) => (
          <Lines below={motifFin}>{prochaineAt && instant(prochaineAt)}</Lines>
        ),
      },
      {
        id: 'tentatives',
        title: representations.colonnes.tentatives,
        width: 120,
        cell: ({ tentatives }) =>
          tentatives.length > 0 &&
          representations.faites(tentatives.filter(isMade).length, tentatives.length),
      },
      {
        id: 'etat',
        title: colonnes.etat,
        width: 110,
        cell: (row) => (
          <span className={`mark ${MARKS[row.statut] ?? ''}`}>{representations.statuts[row.statut]}</span>
        ),
      },
    ];
  }, [m, names]);
  if (error && !data) return <Failure error={error} retry={refetch} />;
  const byReason = sumByReason(repartition?.parts ?? []);
  const open = prelevement ? rows.find(({ paymentId }) => paymentId === prelevement) : undefined;
  return (
    <>
      <p className="quiet hint">{words.aide}</p>
      <div className="debits-bar">
        <Choice
          label={words.motif}
          options={[
            { id: '', nom: words.tousMotifs },
            ...byReason.map(({ motifRejet, nombre, montant }) => ({
              id: motifRejet,
              nom: `${motifRejet} ${reasons.get(motifRejet)?.libelle ?? ''} — ${words.part(nombre, amount(montant))}`,
            })),
          ]}
          chosen={motif}
          choose={(id) => change({ motif: id || undefined })}
        />
        <Choice
          label={words.statut}
          options={[
            { id: '0', nom: words.tousStatuts },
            ...STATES.map((state) => ({ id: String(state), nom: words.statuts[state] ?? '' })),
          ]}
          chosen={String(statut)}
          choose={(id) => change({ statut: Number(id) || undefined })}
        />
        <DayRange du={du} au={au} to="/prelevements/representations" />
      </div>
      {isPending ? (
        <Waiting lines={10} />
      ) : (
        <Table
          label={m.prelevements.onglets.representations}
          {...{ columns, rows }}
          idOf={({ id }) => id}
          nameOf={({ clientId, montant }) => `${names.client(clientId)} ${amount(montant)}`}
          open={({ paymentId }) => change({ prelevement: paymentId })}
          more={{ ...more, error }}
          empty={words.aucune}
        />
      )}
      {open && (
        <Suspense fallback={null}>
          <RetryDialog schedule={open} names={names} close={() => change({ prelevement: undefined })} />
        </Suspense>
      )}
    </>
  );
}

/** Presented, whatever the bank said. */
const isMade = ({ statut }: { statut: StatutTentative }): boolean =>
  statut !== StatutTentative.PREVUE && statut !== StatutTentative.ABANDONNEE;

function sumByReason(parts: PartDeRetry[]): { motifRejet: string; nombre: number; montant: bigint }[] {
  const sums = new Map<string, { motifRejet: string; nombre: number; montant: bigint }>();
  for (const { motifRejet, nombre, montant } of parts) {
    const sum = sums.get(motifRejet) ?? { motifRejet, nombre: 0, montant: 0n };
    sums.set(motifRejet, { motifRejet, nombre: sum.nombre + nombre, montant: sum.montant + montant });
  }
  return [...sums.values()].sort((one, other) => other.nombre - one.nombre);
}

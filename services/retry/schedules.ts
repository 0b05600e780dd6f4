import type { Db, Tx } from '@crm/db';
import { addDays, startOfDay } from '@crm/domain';
import { entity, invalid, notFound, page, type Methods } from '@crm/kit';
import {
  PartDeRetry,
  Politique,
  RetryAttempt,
  RetrySchedule,
  StatutRetry,
  StatutTentative,
  type RetryAdminServiceService,
} from '@crm/proto/retry/retry';
import { daysBefore } from './plan-retry.ts';

/** The states in which a schedule is running. */
export const LIVE: string[] = [StatutRetry.PLANIFIE, StatutRetry.EN_COURS];

/** How many days before an attempt the client is told. */
export const TOLD_DAYS_BEFORE = 2;

/** A schedule as its row. */
export type ScheduleRow = NonNullable<Awaited<ReturnType<Tx['retrySchedule']['findUnique']>>>;
type Row = ScheduleRow;

/** Reads the row of a schedule, by its own id or its payment's. @throws {RpcError} NOT_FOUND */
export async function scheduleRow(tx: Tx | Db, id: string): Promise<Row> {
  const row = await tx.retrySchedule.findFirst({ where: { OR: [{ id }, { paymentId: id }] } });
  if (!row) throw notFound('retrySchedule', id);
  return row;
}

/** Reads a schedule with its attempts, by its own id or its payment's. */
export async function readSchedule(tx: Tx | Db, id: string): Promise<RetrySchedule> {
  const [schedule] = await withAttempts(tx, [await scheduleRow(tx, id)]);
  return schedule!;
}

/** For `call.once`, if the effect returns a schedule. */
export const scheduleRepeat = { idOf: ({ id }: RetrySchedule): string => id, read: readSchedule };

/** Adds the attempts of all schedules, with one query. */
export async function withAttempts(tx: Tx | Db, rows: Row[]): Promise<RetrySchedule[]> {
  const attempts = await tx.retryAttempt.findMany({
    where: { scheduleId: { in: rows.map(({ id }) => id) } },
    orderBy: { numero: 'asc' },
  });
  return rows.map((row) =>
    toSchedule(
      row,
      attempts.filter(({ scheduleId }) => scheduleId === row.id),
    ),
  );
}

/** Converts a schedule and its attempts, in order, to the message. */
export const toSchedule = (row: Row, attempts: { datePrevue?: Date | undefined }[]): RetrySchedule =>
  RetrySchedule.fromPartial({
    ...(row as object),
    politique: Politique.fromPartial(row.politique as object),
    tentatives: attempts.map((attempt) => {
      const annonceAt = attempt.datePrevue && daysBefore(attempt.datePrevue, TOLD_DAYS_BEFORE);
      return RetryAttempt.fromPartial({ ...attempt, annonceAt });
    }),
    ...annonce(row),
  });

/** An attempt that is planned later than its announcement day is not announced. */
function annonce({ prochaineAt, updatedAt }: Row): { annonceAt?: Date } {
  if (!prochaineAt) return {};
  const annonceAt = daysBefore(prochaineAt, TOLD_DAYS_BEFORE);
  return annonceAt > updatedAt ? { annonceAt } : {};
}

/** The RPCs for reading schedules and attempts. */
export function schedules(
  db: Db,
): Pick<
  Methods<typeof RetryAdminServiceService>,
  'getSchedule' | 'listSchedules' | 'listAttempts' | 'getRepartition'
> {
  const schedule = entity(db, {
    model: 'retrySchedule',
    plural: 'schedules',
    message: { fromPartial: rowOf },
  });
  const attempt = entity(db, { model: 'retryAttempt', plural: 'attempts', message: RetryAttempt });
  return {
    getSchedule: ({ id }) => readSchedule(db, id),
    listSchedules: async ({ paymentIds, motifRejet, prochaineDu, prochaineAu, parDate, ...request }) => {
      const of = {
        ...(paymentIds.length > 0 && { paymentId: { in: paymentIds } }),
        ...(motifRejet && { motifRejet: motifRejet.toUpperCase() }),
        ...((prochaineDu || prochaineAu) && {
          prochaineAt: {
            ...(prochaineDu && { gte: startOfDay(prochaineDu) }),
            ...(prochaineAu && { lt: startOfDay(addDays(prochaineAu, 1)) }),
          },
        }),
      };
      const found = parDate
        ? await byNextAttempt(db, request, of)
        : await schedule.listWhere(request, of).then(({ schedules: rows, ...more }) => ({ rows, ...more }));
      return { schedules: await withAttempts(db, found.rows), nextPageToken: found.nextPageToken };
    },
    async getRepartition({ organisationId, clientId }) {
      const parts = await db.retrySchedule.groupBy({
        by: ['motifRejet', 'statut'],
        where: { ...(organisationId && { organisationId }), ...(clientId && { clientId }) },
        _count: true,
        _sum: { montant: true },
        orderBy: { _count: { id: 'desc' } },
      });
      return {
        parts: parts.map(({ _count: nombre, _sum, ...part }) =>
          PartDeRetry.fromPartial({ ...(part as object), nombre, montant: _sum.montant ?? 0n }),
        ),
      };
    },
    listAttempts: attempt.list,
  };
}

/** The instant after every other one, for schedules without a next attempt. */
const NEVER = 8.64e15;

/** A page in order of the next attempts. Its token names the instant too, since a schedule may move meanwhile. */
async function byNextAttempt(
  db: Db,
  {
    organisationId,
    clientId,
    statut,
    ...request
  }: {
    pageSize: number;
    pageToken: string;
    organisationId: string;
    clientId: string;
    statut: StatutRetry;
  },
  of: object,
): Promise<{ rows: Row[]; nextPageToken: string }> {
  const { rows, nextPageToken } = await page(request, async (last, take) => {
    const [at, id = ''] = last?.split('_') ?? [];
    const prochaineAt = new Date(Number(at));
    if (at !== undefined && Number.isNaN(prochaineAt.getTime())) {
      throw invalid('pageToken', 'must be the next_page_token of an earlier answer');
    }
    const isNever = Number(at) === NEVER;
    const after =
      at === undefined
        ? {}
        : isNever
          ? { prochaineAt: null, id: { gt: id } }
          : {
              OR: [
                { prochaineAt: { gt: prochaineAt } },
                { prochaineAt, id: { gt: id } },
                { prochaineAt: null },
              ],
            };
    const found = await db.retrySchedule.findMany({
      where: {
        AND: [
          of,
          after,
          {
            ...(organisationId && { organisationId }),
            ...(clientId && { clientId }),
            ...(statut !== StatutRetry.UNSPECIFIED && { statut }),
          },
        ],
      },
      orderBy: [{ prochaineAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
      take,
    });
    return found.map((row) => ({ row, id: `${row.prochaineAt?.getTime() ?? NEVER}_${row.id}` }));
  });
  return { rows: rows.map(({ row }) => row), nextPageToken };
}

/** Pages over rows; the attempts of a page are read afterwards, at once. */
const rowOf = (row: object): Row => row as Row;

/** Converts a schedule back to its row, as far as decisions need it. */
export function rowOfSchedule(schedule: RetrySchedule): ScheduleRow {
  const { tentatives, prochaineAt = null, repriseAt = null, ...row } = schedule;
  const rejected = tentatives.findLast(({ statut }) => statut === StatutTentative.REJETEE)?.numero ?? 0;
  const tentativeRejetee = Math.max(row.tentativeInitiale, rejected + 1);
  const kept = { ...row, prochaineAt, repriseAt, tentativeRejetee, rejeteAt: row.dateRejet! };
  return kept as unknown as ScheduleRow;
}

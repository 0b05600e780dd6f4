import type { Db, Tx } from '@crm/db';
import { entity, notFound, type Methods } from '@crm/kit';
import {
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
): Pick<Methods<typeof RetryAdminServiceService>, 'getSchedule' | 'listSchedules' | 'listAttempts'> {
  const schedule = entity(db, {
    model: 'retrySchedule',
    plural: 'schedules',
    message: { fromPartial: rowOf },
  });
  const attempt = entity(db, { model: 'retryAttempt', plural: 'attempts', message: RetryAttempt });
  return {
    getSchedule: ({ id }) => readSchedule(db, id),
    listSchedules: async ({ paymentIds, ...request }) => {
      const of = paymentIds.length > 0 ? { paymentId: { in: paymentIds } } : {};
      const { schedules: rows, nextPageToken } = await schedule.listWhere(request, of);
      return { schedules: await withAttempts(db, rows), nextPageToken };
    },
    listAttempts: attempt.list,
  };
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

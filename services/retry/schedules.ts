import type { Db, Tx } from '@crm/db';
import { entity, notFound, type Methods } from '@crm/kit';
import {
  Politique,
  RetryAttempt,
  RetrySchedule,
  StatutRetry,
  type RetryAdminServiceService,
} from '@crm/proto/retry/retry';
import { daysBefore } from './plan-retry.ts';

/** From where a schedule can still go on. */
export const LIVE: string[] = [StatutRetry.PLANIFIE, StatutRetry.EN_COURS];

/** The client is told of an attempt so many days before it. */
export const TOLD_DAYS_BEFORE = 2;

/** A schedule as its row. */
export type ScheduleRow = NonNullable<Awaited<ReturnType<Tx['retrySchedule']['findUnique']>>>;
type Row = ScheduleRow;

/** The row of a schedule, by its own id or its payment's. @throws {RpcError} NOT_FOUND */
export async function scheduleRow(tx: Tx | Db, id: string): Promise<Row> {
  const row = await tx.retrySchedule.findFirst({ where: { OR: [{ id }, { paymentId: id }] } });
  if (!row) throw notFound('retrySchedule', id);
  return row;
}

/** A schedule with its attempts, by its own id or its payment's. */
export async function readSchedule(tx: Tx | Db, id: string): Promise<RetrySchedule> {
  const [schedule] = await withAttempts(tx, [await scheduleRow(tx, id)]);
  return schedule!;
}

/** For `call.once`, of an effect that results in a schedule. */
export const scheduleRepeat = { idOf: ({ id }: RetrySchedule): string => id, read: readSchedule };

/** Schedules with their attempts, which are read at once. */
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

/** A schedule as it is answered, with its attempts in order. */
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

/** Nothing is announced that was planned for sooner than that. */
function annonce({ prochaineAt, updatedAt }: Row): { annonceAt?: Date } {
  if (!prochaineAt) return {};
  const annonceAt = daysBefore(prochaineAt, TOLD_DAYS_BEFORE);
  return annonceAt > updatedAt ? { annonceAt } : {};
}

/** How schedules and attempts are read. */
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
    listSchedules: async (request) => {
      const { schedules: rows, nextPageToken } = await schedule.list(request);
      return { schedules: await withAttempts(db, rows), nextPageToken };
    },
    listAttempts: attempt.list,
  };
}

/** A list is paged over rows; their attempts are read afterwards, for the whole page at once. */
const rowOf = (row: object): Row => row as Row;

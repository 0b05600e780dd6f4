import type { Db, Tx } from '@crm/db';
import { failedPrecondition, unavailable } from '@crm/kit';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import { replaceAttempts } from './create-schedule.ts';
import { countedFrom } from './decide.ts';
import { codeOf, eligibiliteOf, type ClasseOf } from './eligibilite.ts';
import type { OpenDays } from './open-days.ts';
import { assertPlannable, daysToAsk, planRetries } from './plan-retry.ts';
import type { FullPolitique } from './politique.ts';
import { resumedInstants } from './resume-schedule.ts';
import type { ScheduleRow } from './schedules.ts';

/** Retries by another policy: the attempts to come, the first of them having a number that follows those made. */
export type MigratedSchedule = {
  politique: FullPolitique;
  tentatives: { numero: number; datePrevue: Date }[];
};

/** What it takes to plan them, and to read them. */
export type MigrationDeps = { db: Db; classeOf: ClasseOf; openDays: OpenDays };

/**
 * What another policy makes of retries that run: the one function behind the preview and the command. Attempts that
 * were made count, one that is with the bank is waited for, and what the policy would have had before today is made on
 * the next business day. The first attempt with another mandate stays where it is: its debtor was told of it in time.
 * @param politique the other policy (`targetPolitique`)
 * @throws {RpcError} FAILED_PRECONDITION: NOT_ELIGIBLE_REASON_CODE, or NOT_ELIGIBLE_MAX_ATTEMPTS where no attempt is
 * left
 */
export async function migratedSchedule(
  { classeOf, openDays }: Omit<MigrationDeps, 'db'>,
  row: ScheduleRow,
  politique: FullPolitique,
  now: Date,
): Promise<MigratedSchedule> {
  // another mandate has answered why it was rejected
  if (!row.repriseAt) {
    const code = codeOf(row.motifRejet);
    const eligibilite = eligibiliteOf(await classeOf(code), code, politique);
    if (eligibilite !== Eligibilite.ELIGIBLE) {
      throw failedPrecondition(eligibilite, `by that policy a rejection for ${code} is not presented again`);
    }
  }
  const withBank = isWithBank(row);
  const from = firstNumber(row);
  const rang = from - row.tentativeInitiale;
  const counted = { politique, dateRejet: countedFrom(row) };
  const connuLe: (Date | undefined)[] = withBank ? [] : Object.assign([], { [rang]: now });
  assertPlannable(counted);
  const first = row.repriseAt && rang === 0 ? row.prochaineAt : null;
  const planned = async () =>
    planRetries(counted, await openDays(daysToAsk(counted, [connuLe[rang]])), connuLe, rang).instants;
  const instants = first ? await resumedInstants(first, counted, openDays) : await planned();
  if (!withBank && instants.length === 0) {
    throw failedPrecondition(
      Eligibilite.NOT_ELIGIBLE_MAX_ATTEMPTS,
      'by that policy no attempt is left: cancel the retries instead',
    );
  }
  return { politique, tentatives: instants.map((datePrevue, i) => ({ numero: from + i, datePrevue })) };
}

/** The number of the first attempt that can be planned anew: the one with the bank stays. */
const firstNumber = (row: ScheduleRow): number => row.tentativeRejetee + (isWithBank(row) ? 1 : 0);

const isWithBank = ({ statut }: ScheduleRow): boolean => statut === String(StatutRetry.EN_COURS);

/**
 * Moves retries that run to another policy, as they were read.
 * @returns what it has changed, in words
 * @throws {RpcError} UNAVAILABLE where they have changed since
 */
export async function migrateSchedule(
  tx: Tx,
  row: ScheduleRow,
  { politique, tentatives }: MigratedSchedule,
): Promise<string> {
  const { id: scheduleId, paymentId, version } = row;
  const isPlanned = !isWithBank(row);
  const [next] = tentatives;
  const { count } = await tx.retrySchedule.updateMany({
    where: { id: scheduleId, version },
    data: {
      politique,
      ...(isPlanned && next && { prochaineAt: next.datePrevue }),
      version: { increment: 1 },
    },
  });
  if (count === 0) throw unavailable('RETRY_BUSY', `the retries of payment ${paymentId} change too fast`);
  const instants = tentatives.map(({ datePrevue }) => datePrevue);
  await replaceAttempts(tx, { scheduleId, paymentId }, firstNumber(row), instants);
  const changed = isPlanned
    ? `${row.prochaineAt?.toISOString()} -> ${next?.datePrevue.toISOString()}`
    : 'à la banque';
  return `après ${politique.delaisJours.join(', ')} jours, tentative ${row.tentativeRejetee}: ${changed}`;
}

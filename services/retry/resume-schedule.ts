import type { Tx } from '@crm/db';
import { addDays, dateInParis, formatInstant, presentationInWords } from '@crm/domain';
import { failedPrecondition, invalid } from '@crm/kit';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import { changeSchedule } from './change-schedule.ts';
import type { OpenDays } from './open-days.ts';
import { daysBefore, daysToAsk, planRetries, replanAt, type Rejet } from './plan-retry.ts';
import type { FullPolitique } from './politique.ts';
import { LIVE, type ScheduleRow } from './schedules.ts';

/**
 * The default number of days until the next attempt, unless the mandate's notice is longer: the client is
 * told two days before it.
 */
const RESUMED_AFTER_DAYS = 3;

/** The states from which a schedule can continue with another mandate. */
const STOPPED: string[] = [StatutRetry.ARRETE, StatutRetry.EPUISE];

/** @throws {RpcError} FAILED_PRECONDITION RETRY_EN_COURS, RETRY_TERMINE (cancelled), NOT_ELIGIBLE_PAYMENT_SETTLED */
export function checkStopped({ statut, eligibilite }: ScheduleRow): void {
  if (LIVE.includes(statut)) {
    throw failedPrecondition('RETRY_EN_COURS', 'the retries of this payment are not stopped');
  }
  if (eligibilite === String(Eligibilite.NOT_ELIGIBLE_MANUAL_CANCEL)) {
    throw failedPrecondition('RETRY_TERMINE', 'the retries of this payment were cancelled by someone');
  }
  if (!STOPPED.includes(statut) || eligibilite === String(Eligibilite.NOT_ELIGIBLE_PAYMENT_SETTLED)) {
    throw failedPrecondition('NOT_ELIGIBLE_PAYMENT_SETTLED', 'the payment is settled');
  }
}

/**
 * When the first attempt with another mandate is submitted: after the notice of the mandate, because its
 * debtor is told only now; or on a day that a person names.
 * @param datePrevue the day, or ""
 * @param noticeDays of the mandate
 * @throws {RpcError} INVALID_ARGUMENT `datePrevue`: in the past; FAILED_PRECONDITION TROP_TARD
 */
export async function resumeAt(
  datePrevue: string,
  noticeDays: number,
  politique: FullPolitique,
  openDays: OpenDays,
  now: Date,
): Promise<Date> {
  const today = dateInParis(now);
  if (datePrevue && datePrevue < today) throw invalid('datePrevue', 'lies in the past');
  const day = datePrevue || addDays(today, Math.max(RESUMED_AFTER_DAYS, noticeDays));
  const instant = replanAt(day, now, politique.heureLimite, await openDays([day, addDays(today, 1)]));
  const mostDays = Math.max(politique.maxJoursTotal, noticeDays);
  if (datePrevue && dateInParis(instant) > addDays(today, mostDays)) {
    throw failedPrecondition('TROP_TARD', `${dateInParis(instant)} is in more than ${mostDays} days`);
  }
  return instant;
}

/**
 * The instant from which the policy's days count with another mandate, so that the first attempt comes after
 * the policy's first delay; earlier if a person chose an earlier day.
 */
export function countedAgainFrom(first: Date, { delaisJours }: FullPolitique, now: Date): Date {
  const from = daysBefore(first, delaisJours[0] ?? 0);
  return from > now ? from : now;
}

/**
 * The attempts of a continued schedule: the first one as given, the others by the policy, counted from
 * `dateRejet`. The next one is at least a business day later.
 * @param rang of the first one: 0 for the first retry
 */
export async function resumedInstants(
  first: Date,
  rejet: Rejet,
  openDays: OpenDays,
  rang = 0,
): Promise<Date[]> {
  const connuLe: (Date | undefined)[] = Object.assign([], { [rang + 1]: first });
  const openFrom = await openDays(daysToAsk(rejet, [first]));
  const { instants } = planRetries(rejet, openFrom, connuLe, rang + 1);
  return [first, ...instants.filter((instant, i) => instant > (instants[i - 1] ?? first))];
}

/**
 * Continues a stopped schedule, if it is still as it was read.
 * @throws {RpcError} UNAVAILABLE if it has changed since
 */
export async function resumeSchedule(
  tx: Tx,
  row: ScheduleRow,
  { instants, ...goesOn }: { mandatId: string; politique: FullPolitique; instants: Date[]; repriseAt: Date },
): Promise<string> {
  const { tentativeRejetee } = row;
  const data = {
    ...{ statut: StatutRetry.PLANIFIE, eligibilite: Eligibilite.ELIGIBLE, motifFin: '' },
    ...{ ...goesOn, prochaineAt: instants[0]!, tentativeInitiale: tentativeRejetee },
  };
  await changeSchedule(tx, row, data, tentativeRejetee, instants);
  return `mandat ${goesOn.mandatId}, ${presentationInWords(tentativeRejetee + 1)}: ${formatInstant(instants[0]!)}`;
}

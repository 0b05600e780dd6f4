import type { Tx } from '@crm/db';
import { dateInParis, failedPrecondition, invalid, unavailable } from '@crm/kit';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import { replaceAttempts } from './create-schedule.ts';
import type { OpenDays } from './open-days.ts';
import { addDays, daysToAsk, isPastLimit, planRetries, replanAt } from './plan-retry.ts';
import type { FullPolitique } from './politique.ts';
import { LIVE, type ScheduleRow } from './schedules.ts';

/** Days to the next attempt unless told: the client is told two days before it. */
const RESUMED_AFTER_DAYS = 3;

/** From where a schedule goes on with another mandate. */
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
 * When the first attempt with another mandate is made.
 * @param datePrevue the day, or "" for the usual one
 * @throws {RpcError} INVALID_ARGUMENT `datePrevue`: in the past; FAILED_PRECONDITION TROP_TARD
 */
export async function resumeAt(
  datePrevue: string,
  politique: FullPolitique,
  openDays: OpenDays,
  now: Date,
): Promise<Date> {
  const today = dateInParis(now);
  if (datePrevue && datePrevue < today) throw invalid('datePrevue', 'lies in the past');
  const day = datePrevue || addDays(today, RESUMED_AFTER_DAYS);
  const instant = replanAt(day, now, politique.heureLimite, await openDays([day, addDays(today, 1)]));
  if (isPastLimit({ dateRejet: now, politique }, instant)) {
    const told = `${dateInParis(instant)} is in more than ${politique.maxJoursTotal} days`;
    throw failedPrecondition('TROP_TARD', told);
  }
  return instant;
}

/** The attempts of a schedule that goes on: the first one as told, the others by the policy, counted from now. */
export async function resumedInstants(
  first: Date,
  politique: FullPolitique,
  openDays: OpenDays,
  now: Date,
): Promise<Date[]> {
  const rejet = { dateRejet: now, politique };
  const { instants } = planRetries(rejet, await openDays(daysToAsk(rejet)), [], 1);
  return [first, ...instants.filter((instant) => instant > first)];
}

/**
 * Has a schedule that was stopped go on, as it was read.
 * @throws {RpcError} UNAVAILABLE where it has changed since
 */
export async function resumeSchedule(
  tx: Tx,
  { id, paymentId, version, tentativeRejetee }: ScheduleRow,
  {
    mandatId,
    politique,
    instants,
    now,
  }: { mandatId: string; politique: FullPolitique; instants: Date[]; now: Date },
): Promise<string> {
  const { count } = await tx.retrySchedule.updateMany({
    where: { id, version },
    data: {
      ...{ statut: StatutRetry.PLANIFIE, eligibilite: Eligibilite.ELIGIBLE, motifFin: '' },
      ...{ mandatId, politique, repriseAt: now, prochaineAt: instants[0]! },
      tentativeInitiale: tentativeRejetee,
      version: { increment: 1 },
    },
  });
  if (count === 0) throw unavailable('RETRY_BUSY', `the retries of payment ${paymentId} change too fast`);
  await replaceAttempts(tx, { scheduleId: id, paymentId }, tentativeRejetee, instants);
  return `mandat ${mandatId}, tentative ${tentativeRejetee}: ${instants[0]!.toISOString()}`;
}

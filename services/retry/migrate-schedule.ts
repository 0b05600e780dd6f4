import type { Db, Tx } from '@crm/db';
import { dateInParis, presentationInWords, presentationMoved } from '@crm/domain';
import { failedPrecondition } from '@crm/kit';
import { Eligibilite, StatutRetry, StatutTentative, type RetryAttempt } from '@crm/proto/retry/retry';
import { changeSchedule } from './change-schedule.ts';
import { countedFrom } from './decide-rejection.ts';
import { codeOf, eligibiliteOf, type ClasseOf } from './eligibilite.ts';
import type { OpenDays } from './open-days.ts';
import { assertPlannable, daysToAsk, isPastLimit, planRetries } from './plan-retry.ts';
import { targetPolitique, type FullPolitique } from './politique.ts';
import { resumedInstants } from './resume-schedule.ts';
import { readSchedule, type ScheduleRow } from './schedules.ts';

/** Retries by another policy: the attempts to come, and the number of the first one. */
export type MigratedSchedule = {
  politique: FullPolitique;
  tentatives: { numero: number; datePrevue: Date }[];
  /** A person chose the instant of the first one. */
  demandee: boolean;
};

/** What planning and reading them needs. */
export type MigrationDeps = { db: Db; classeOf: ClasseOf; openDays: OpenDays };

/**
 * Computes the retries under another policy, for the preview and the command alike. Attempts that were made
 * count; one that is with the bank is waited for; days before today become the next business day. An attempt
 * that a person has dated stays, and so does the first one with another mandate, because its debtor was told
 * the date.
 * @param attempts those of the schedule
 * @param politique the other policy (`targetPolitique`)
 * @throws {RpcError} FAILED_PRECONDITION: NOT_ELIGIBLE_REASON_CODE; NOT_ELIGIBLE_MAX_ATTEMPTS, no attempt is
 *   left; TROP_TARD, a person dated it later than the policy allows
 */
export async function migratedSchedule(
  { classeOf, openDays }: Omit<MigrationDeps, 'db'>,
  row: ScheduleRow,
  attempts: RetryAttempt[],
  politique: FullPolitique,
  now: Date,
): Promise<MigratedSchedule> {
  const code = lastCode(row, attempts);
  if (code) {
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
  const isFirstByMandate = row.repriseAt !== null && rang === 0;
  const demandee = !withBank && isAskedFor(row, attempts);
  const stays = isFirstByMandate || demandee ? row.prochaineAt : null;
  if (stays && !isFirstByMandate && isPastLimit(counted, stays)) {
    throw failedPrecondition(
      'TROP_TARD',
      `${dateInParis(stays)}, which was asked for, is more than ${politique.maxJoursTotal} days after the rejection`,
    );
  }
  const isLeft = rang < Math.min(politique.delaisJours.length, politique.maxTentatives);
  const planned = async () =>
    planRetries(counted, await openDays(daysToAsk(counted, [connuLe[rang]])), connuLe, rang).instants;
  const instants = stays && isLeft ? await resumedInstants(stays, counted, openDays, rang) : await planned();
  if (!withBank && instants.length === 0) {
    throw failedPrecondition(
      Eligibilite.NOT_ELIGIBLE_MAX_ATTEMPTS,
      'by that policy no attempt is left: cancel the retries instead',
    );
  }
  const tentatives = instants.map((datePrevue, i) => ({ numero: from + i, datePrevue }));
  return { politique, tentatives, demandee };
}

/**
 * As `migratedSchedule`, for one schedule, reading all that it needs.
 * @param policyId one policy; empty: the one in force
 * @throws {RpcError} the errors of `targetPolitique` and `migratedSchedule`
 */
export async function readMigration(
  deps: MigrationDeps,
  row: ScheduleRow,
  policyId: string,
): Promise<MigratedSchedule> {
  const politique = await targetPolitique(deps.db, row.organisationId, policyId);
  const { tentatives } = await readSchedule(deps.db, row.id);
  return await migratedSchedule(deps, row, tentatives, politique, new Date());
}

/**
 * The reason of the last rejection, which decides about further attempts. Empty if another mandate has
 * replaced it since.
 */
function lastCode(
  { motifRejet, repriseAt, tentativeInitiale, tentativeRejetee }: ScheduleRow,
  attempts: RetryAttempt[],
): string {
  if (tentativeRejetee === tentativeInitiale) return repriseAt ? '' : codeOf(motifRejet);
  const rejected = attempts.find(({ numero }) => numero === tentativeRejetee - 1);
  return codeOf(rejected?.motifRejet || motifRejet);
}

/** Whether a person chose the instant of the next attempt. */
const isAskedFor = ({ tentativeRejetee }: ScheduleRow, attempts: RetryAttempt[]): boolean =>
  attempts.some(
    ({ numero, statut, demandee }) =>
      numero === tentativeRejetee && statut === StatutTentative.PREVUE && demandee,
  );

/** The number of the first attempt that can be planned again: one that is with the bank stays. */
const firstNumber = (row: ScheduleRow): number => row.tentativeRejetee + (isWithBank(row) ? 1 : 0);

const isWithBank = ({ statut }: ScheduleRow): boolean => statut === String(StatutRetry.EN_COURS);

/**
 * Moves running retries to another policy, if they are still as they were read.
 * @returns the change in words
 * @throws {RpcError} UNAVAILABLE if they have changed since
 */
export async function migrateSchedule(
  tx: Tx,
  row: ScheduleRow,
  { politique, tentatives, demandee }: MigratedSchedule,
): Promise<string> {
  const isPlanned = !isWithBank(row);
  const [next] = tentatives;
  const data = { politique, ...(isPlanned && next && { prochaineAt: next.datePrevue }) };
  const instants = tentatives.map(({ datePrevue }) => datePrevue);
  await changeSchedule(tx, row, data, firstNumber(row), instants, demandee);
  const numero = row.tentativeRejetee + 1;
  const changed = isPlanned
    ? `${presentationMoved(numero, row.prochaineAt, next?.datePrevue)}${demandee ? ', demandé' : ''}`
    : `${presentationInWords(numero)}: à la banque`;
  return `après ${politique.delaisJours.join(', ')} jours, ${changed}`;
}

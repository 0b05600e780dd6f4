import type { Tx } from '@crm/db';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import { codeOf, eligibiliteOf, type ClasseOf } from './eligibilite.ts';
import type { OpenDays } from './open-days.ts';
import { assertPlannable, daysToAsk, planRetries } from './plan-retry.ts';
import { readPolitique, type FullPolitique } from './politique.ts';

type Row = NonNullable<Awaited<ReturnType<Tx['retrySchedule']['findUnique']>>>;

/** A rejection of a payment's attempt. */
export type Rejection = {
  organisationId: string;
  paymentId: string;
  motifRejet: string;
  dateRejet: Date;
  /** The attempt that was rejected: 1 for the payment's first. */
  tentative: number;
};

/** What becomes of a schedule by a rejection. */
export type Decision = {
  /** The columns to write. */
  columns: {
    motifRejet: string;
    dateRejet: Date;
    tentativeInitiale: number;
    politique: FullPolitique;
    tentativeRejetee: number;
    rejeteAt: Date;
    eligibilite: Eligibilite;
    statut: StatutRetry;
    prochaineAt: Date | null;
    motifFin: string;
    mandatId: string;
    repriseAt: Date | null;
  };
  /** The retries that are planned from now on, the first of them having the rejected attempt's number. */
  instants: Date[];
  /** The rejected attempt was one of this schedule's own. */
  ownAttempt: boolean;
};

/** What decisions need beside the schedule. */
export type DecisionDeps = {
  /** The policy in force for an organisation. */
  politiqueOf: (organisationId: string) => Promise<FullPolitique>;
  classeOf: ClasseOf;
  openDays: OpenDays;
  now: () => Date;
};

/**
 * What a rejection makes of its payment's schedule, as it was read: nothing where it is known already or the
 * schedule was cancelled by someone; the next attempt of the schedule it belongs to; else retries from the start,
 * so that one that was not eligible, or was stopped, goes on after new bank details.
 * @throws {RpcError} INVALID_ARGUMENT: `dateRejet`, at the end of the calendar
 */
export async function decide(
  { politiqueOf, classeOf, openDays, now }: DecisionDeps,
  row: Row | null,
  rejection: Rejection,
): Promise<Decision | undefined> {
  if (row && (isKnown(row, rejection) || row.eligibilite === String(Eligibilite.NOT_ELIGIBLE_MANUAL_CANCEL)))
    return undefined;
  const { tentative, dateRejet } = rejection;
  const code = codeOf(rejection.motifRejet);
  const ownAttempt = row !== null && isOwnAttempt(row, tentative);
  const cycle = ownAttempt
    ? { ...original(row), politique: readPolitique(row.politique) }
    : {
        motifRejet: code,
        dateRejet,
        tentativeInitiale: tentative,
        politique: await politiqueOf(rejection.organisationId),
        ...{ mandatId: '', repriseAt: null },
      };
  const columns = { ...cycle, tentativeRejetee: tentative, rejeteAt: dateRejet };
  const eligibilite = eligibiliteOf(await classeOf(code), code, cycle.politique);
  if (eligibilite !== Eligibilite.ELIGIBLE) {
    const ended = { eligibilite, statut: StatutRetry.ARRETE, prochaineAt: null };
    const motifFin = `rejet ${code}: pas de nouvelle présentation`;
    return { columns: { ...columns, ...ended, motifFin }, instants: [], ownAttempt };
  }
  const rang = tentative - cycle.tentativeInitiale;
  const connuLe = { [rang]: now() };
  const counted = { politique: cycle.politique, dateRejet: countedFrom(cycle) };
  assertPlannable(counted);
  const openFrom = await openDays(daysToAsk(counted, [connuLe[rang]]));
  const { instants } = planRetries(counted, openFrom, Object.assign([], connuLe), rang);
  const [prochaineAt] = instants;
  if (!prochaineAt) {
    const { delaisJours, maxTentatives, maxJoursTotal } = cycle.politique;
    const made = rang >= Math.min(delaisJours.length, maxTentatives);
    const motifFin = made
      ? `${rang} nouvelles présentations rejetées`
      : `plus de présentation possible dans les ${maxJoursTotal} jours`;
    const ended = { eligibilite: Eligibilite.NOT_ELIGIBLE_MAX_ATTEMPTS, statut: StatutRetry.EPUISE };
    return { columns: { ...columns, ...ended, prochaineAt: null, motifFin }, instants, ownAttempt };
  }
  const planned = { eligibilite, statut: StatutRetry.PLANIFIE, prochaineAt, motifFin: '' };
  return { columns: { ...columns, ...planned }, instants, ownAttempt };
}

/**
 * A rejection of an earlier attempt, or of the same one at the same time, has been taken into account. A later one of
 * the same is another fact, whatever has been made of the first: the attempt was collected after all, and returned.
 */
function isKnown(row: Row, { tentative, dateRejet }: Rejection): boolean {
  return tentative === row.tentativeRejetee ? dateRejet <= row.rejeteAt : tentative < row.tentativeRejetee;
}

/** Stopped for good or not, whatever follows a stop begins anew; a collected attempt may still be returned. */
function isOwnAttempt({ statut, tentativeInitiale }: Row, tentative: number): boolean {
  return statut !== String(StatutRetry.ARRETE) && tentative > tentativeInitiale;
}

const original = ({ motifRejet, dateRejet, tentativeInitiale, mandatId, repriseAt }: Row) => ({
  ...{ motifRejet, dateRejet, tentativeInitiale },
  ...{ mandatId, repriseAt },
});

/** The instant from which a policy's days count: the original rejection, or when it went on with another mandate. */
export const countedFrom = ({ dateRejet, repriseAt }: { dateRejet: Date; repriseAt: Date | null }): Date =>
  repriseAt ?? dateRejet;

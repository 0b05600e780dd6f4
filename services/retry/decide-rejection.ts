import type { Tx } from '@crm/db';
import { Eligibilite, StatutRetry } from '@crm/proto/retry/retry';
import { codeOf, eligibiliteOf, type ClasseOf } from './eligibilite.ts';
import type { OpenDays } from './open-days.ts';
import { assertPlannable, daysToAsk, planRetries } from './plan-retry.ts';
import { readPolitique, type FullPolitique } from './politique.ts';

type Row = NonNullable<Awaited<ReturnType<Tx['retrySchedule']['findUnique']>>>;

/** The rejection of a payment's attempt. */
export type Rejection = {
  organisationId: string;
  paymentId: string;
  motifRejet: string;
  dateRejet: Date;
  /** The rejected attempt: 1 for the payment's first. */
  tentative: number;
};

/** What a rejection changes in a schedule. */
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
  /** The retries planned from now on. The first one has the number of the rejected attempt. */
  instants: Date[];
  /** The rejected attempt belongs to this schedule. */
  ownAttempt: boolean;
};

/** What decisions need besides the schedule. */
export type DecisionDeps = {
  /** The policy in force for an organisation. */
  politiqueOf: (organisationId: string) => Promise<FullPolitique>;
  classeOf: ClasseOf;
  openDays: OpenDays;
  now: () => Date;
};

/**
 * Decides what follows from a rejection, given the payment's schedule as it was read. Nothing, if the
 * rejection is known or a person cancelled the schedule. The next attempt, if the rejected one belongs to the
 * schedule. Otherwise the retries start again, by the policy in force now, so that a schedule that was not
 * eligible or was stopped continues after new bank details. Whether a reason code (AM04) is presented again at
 * all is decided in `eligibilite.ts`.
 * @throws {RpcError} INVALID_ARGUMENT: `dateRejet`, too close to the end of the calendar
 */
export async function decideRejection(
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
 * Whether a rejection was recorded before: it is about an earlier attempt, or about the same one and not
 * later. A later rejection of the same attempt is a new fact: the attempt was collected after all, and
 * returned.
 */
function isKnown(row: Row, { tentative, dateRejet }: Rejection): boolean {
  return tentative === row.tentativeRejetee ? dateRejet <= row.rejeteAt : tentative < row.tentativeRejetee;
}

/**
 * Whether an attempt belongs to the schedule. After a stop the retries start again. A collected attempt may
 * still be returned.
 */
function isOwnAttempt({ statut, tentativeInitiale }: Row, tentative: number): boolean {
  return statut !== String(StatutRetry.ARRETE) && tentative > tentativeInitiale;
}

const original = ({ motifRejet, dateRejet, tentativeInitiale, mandatId, repriseAt }: Row) => ({
  ...{ motifRejet, dateRejet, tentativeInitiale },
  ...{ mandatId, repriseAt },
});

/**
 * The instant from which a policy's days count: the original rejection, or the restart with another mandate.
 */
export const countedFrom = ({ dateRejet, repriseAt }: { dateRejet: Date; repriseAt: Date | null }): Date =>
  repriseAt ?? dateRejet;

import { addDays, dateInParis, inParis, instantInParis, LAST_DATE } from '@crm/domain';
import { invalid } from '@crm/kit';
import type { FullPolitique } from './politique.ts';

/** Returns the first open day on or after a day; both YYYY-MM-DD. */
export type OpenFrom = (day: string) => string;

/** A rejection, and the policy for its retries. */
export type Rejet = { dateRejet: Date; politique: FullPolitique };

/** The same local hour a number of calendar days earlier. */
export const daysBefore = (instant: Date, days: number): Date =>
  new Date(inParis(instant).subtract({ days }).epochMilliseconds);

/** The days that `planRetry` needs the next open days of. */
export const daysToAsk = ({ dateRejet, politique }: Rejet, connuLe: (Date | undefined)[] = []): string[] => [
  ...politique.delaisJours.map((days) => addDays(dateInParis(dateRejet), days)),
  ...connuLe.flatMap((instant) => (instant ? [addDays(dateInParis(instant), 1)] : [])),
];

/**
 * Refuses plans that leave the calendar.
 * @throws {RpcError} INVALID_ARGUMENT: `dateRejet`, `rejetsSuivants`
 */
export function assertPlannable(rejet: Rejet, connuLe: (Date | undefined)[] = []): void {
  if (isBeyond(daysToAsk(rejet))) throw invalid('dateRejet', `retries would be later than ${LAST_DATE}`);
  if (isBeyond(daysToAsk(rejet, connuLe))) {
    throw invalid('rejetsSuivants', `retries would be later than ${LAST_DATE}`);
  }
}

const isBeyond = (days: string[]): boolean => days.some((day) => day > LAST_DATE);

/**
 * When a retry is submitted: a number of days after the original rejection's Paris date, moved to an open
 * day, at the cutoff hour. If the previous rejection arrives after that, on the next business day.
 * @param rang 0 for the first retry
 * @param connuLe when the previous rejection became known
 * @returns undefined if the policy has no such retry, or its day is after the last allowed one
 */
function planRetry(
  { dateRejet, politique }: Rejet,
  rang: number,
  openFrom: OpenFrom,
  connuLe?: Date,
): Date | undefined {
  const { delaisJours, maxTentatives, heureLimite } = politique;
  const delay = delaisJours[rang];
  if (delay === undefined || rang >= maxTentatives) return undefined;
  const planned = instantInParis(openFrom(addDays(dateInParis(dateRejet), delay)), heureLimite);
  const overtaken = connuLe !== undefined && connuLe > planned;
  const instant = overtaken
    ? instantInParis(openFrom(addDays(dateInParis(connuLe), 1)), heureLimite)
    : planned;
  return isPastLimit({ dateRejet, politique }, instant) ? undefined : instant;
}

/** All retries from a rank on. `epuise`: the policy's total days cut off some of them. */
export function planRetries(
  rejet: Rejet,
  openFrom: OpenFrom,
  connuLe: (Date | undefined)[] = [],
  from = 0,
): { instants: Date[]; epuise: boolean } {
  const { delaisJours, maxTentatives } = rejet.politique;
  const last = Math.min(delaisJours.length, maxTentatives);
  const instants: Date[] = [];
  for (let rang = from; rang < last; rang++) {
    const instant = planRetry(rejet, rang, openFrom, connuLe[rang]);
    if (!instant) return { instants, epuise: true };
    instants.push(instant);
  }
  return { instants, epuise: from >= last };
}

/** Whether an instant is after the last day on which the policy allows a retry. */
export const isPastLimit = ({ dateRejet, politique }: Rejet, instant: Date): boolean =>
  dateInParis(instant) > addDays(dateInParis(dateRejet), politique.maxJoursTotal);

/**
 * When a retry is submitted that should go now: now, if it is before the cutoff of a business day; else at
 * the cutoff of the next one. `openFrom` is asked about today and tomorrow.
 */
export function runNowAt(now: Date, heureLimite: string, openFrom: OpenFrom): Date {
  const today = dateInParis(now);
  if (openFrom(today) === today && now <= instantInParis(today, heureLimite)) return now;
  return instantInParis(openFrom(addDays(today, 1)), heureLimite);
}

/**
 * When a retry is submitted that was moved to a day: at its cutoff, or at that of the next open day if the
 * day is closed or its cutoff has passed.
 */
export function replanAt(day: string, now: Date, heureLimite: string, openFrom: OpenFrom): Date {
  const instant = instantInParis(openFrom(day), heureLimite);
  return instant >= now ? instant : instantInParis(openFrom(addDays(dateInParis(now), 1)), heureLimite);
}

/** Business days in which a bank may still return what it collected (SEPA Core Direct Debit Rulebook, 4.3.4). */
const RETURN_DAYS = 5;

/** The days that `silenceFrom` needs the next open days of: more than five business days can span. */
export const daysAfterCollection = (dateCollecte: string): string[] =>
  Array.from({ length: 21 }, (_, i) => addDays(dateCollecte, i + 1));

/**
 * When the bank's silence means that it collected: the end, in Paris, of the fifth business day after the
 * collection.
 */
export function silenceFrom(dateCollecte: string, openFrom: OpenFrom): Date {
  let day = dateCollecte;
  for (let i = 0; i < RETURN_DAYS; i++) day = openFrom(addDays(day, 1));
  return instantInParis(addDays(day, 1), '00:00');
}

import { dateInParis, inParis, LAST_DATE } from '@crm/domain';
import { invalid } from '@crm/kit';
import { Temporal } from 'temporal-polyfill';
import type { FullPolitique } from './politique.ts';

const PARIS = 'Europe/Paris';

/** The first open day from a day on; both YYYY-MM-DD. */
export type OpenFrom = (day: string) => string;

/** A rejection from which retries are planned. */
export type Rejet = { dateRejet: Date; politique: FullPolitique };

export const addDays = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** A local hour of a day in Paris; one that the clocks leap over is taken an hour later. */
export const at = (day: string, heure: string): Date =>
  new Date(
    Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: PARIS, plainTime: heure }).epochMilliseconds,
  );

/** The same local hour some calendar days earlier. */
export const daysBefore = (instant: Date, days: number): Date =>
  new Date(inParis(instant).subtract({ days }).epochMilliseconds);

/** The days for which `planRetry` asks where they are open. */
export const daysToAsk = ({ dateRejet, politique }: Rejet, connuLe: (Date | undefined)[] = []): string[] => [
  ...politique.delaisJours.map((days) => addDays(dateInParis(dateRejet), days)),
  ...connuLe.flatMap((instant) => (instant ? [addDays(dateInParis(instant), 1)] : [])),
];

/**
 * Refuses what would be planned for days that no calendar knows.
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
 * When a retry is submitted: so many days after the original rejection's Paris date, moved forward to an open day,
 * at the cutoff hour. One that is overtaken by the rejection before it goes on the next business day.
 * @param rang 0 for the first retry of the rejection
 * @param connuLe when the rejection before it became known
 * @returns undefined where the policy has no such retry, or its day is past the last one allowed
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
  const planned = at(openFrom(addDays(dateInParis(dateRejet), delay)), heureLimite);
  const overtaken = connuLe !== undefined && connuLe > planned;
  const instant = overtaken ? at(openFrom(addDays(dateInParis(connuLe), 1)), heureLimite) : planned;
  return isPastLimit({ dateRejet, politique }, instant) ? undefined : instant;
}

/** All retries from one on, by their rank; `epuise` where the policy has more of them than its days allow. */
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

/** True where an instant is later than the last day on which the policy allows a retry. */
export const isPastLimit = ({ dateRejet, politique }: Rejet, instant: Date): boolean =>
  dateInParis(instant) > addDays(dateInParis(dateRejet), politique.maxJoursTotal);

/**
 * When a retry goes that is told to go now: now, until the cutoff of a business day; else at the cutoff of the
 * next one. `openFrom` is asked for today and tomorrow.
 */
export function runNowAt(now: Date, heureLimite: string, openFrom: OpenFrom): Date {
  const today = dateInParis(now);
  if (openFrom(today) === today && now <= at(today, heureLimite)) return now;
  return at(openFrom(addDays(today, 1)), heureLimite);
}

/** When a retry goes that is moved to a day: at its cutoff, or the next open day's where it is closed or over. */
export function replanAt(day: string, now: Date, heureLimite: string, openFrom: OpenFrom): Date {
  const instant = at(openFrom(day), heureLimite);
  return instant >= now ? instant : at(openFrom(addDays(dateInParis(now), 1)), heureLimite);
}

/** Business days in which a bank may still return what it collected (SEPA Core Direct Debit Rulebook, 4.3.4). */
const RETURN_DAYS = 5;

/** The days for which `silenceFrom` asks where they are open: more than five business days ever take. */
export const daysAfterCollection = (dateCollecte: string): string[] =>
  Array.from({ length: 21 }, (_, i) => addDays(dateCollecte, i + 1));

/** From when the bank's silence means collected: the end, in Paris, of the fifth business day after the collection. */
export function silenceFrom(dateCollecte: string, openFrom: OpenFrom): Date {
  let day = dateCollecte;
  for (let i = 0; i < RETURN_DAYS; i++) day = openFrom(addDays(day, 1));
  return at(addDays(day, 1), '00:00');
}

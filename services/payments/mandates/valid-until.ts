import { Temporal } from 'temporal-polyfill';

/**
 * A mandate lapses after this many months without a collection. They count from the due date of the last
 * presented debit, even if it was rejected, returned or refunded (EPC016-06, 4.1).
 */
const LAPSES_AFTER_MONTHS = 36;

/**
 * What the validity of a mandate depends on, YYYY-MM-DD. `dernierePresentation` is empty if it was never
 * used.
 */
export type Used = { dateSignature: string; dernierePresentation: string };

/** The last day for presenting a debit by a mandate. An unused mandate counts from its signature. */
export const validUntil = ({ dateSignature, dernierePresentation }: Used): string =>
  monthsAfter(dernierePresentation > dateSignature ? dernierePresentation : dateSignature);

/**
 * As `validUntil`, after further debits on the given days, each of which extends the validity.
 * @param days YYYY-MM-DD, ascending
 */
export function validUntilAfter(used: Used, days: string[]): string {
  let until = validUntil(used);
  for (const day of days) if (day <= until && monthsAfter(day) > until) until = monthsAfter(day);
  return until;
}

/** A mandate that was last used before this day has lapsed on the given one: its last day was earlier. */
export const lapsesFrom = (day: string): string =>
  Temporal.PlainDate.from(day).subtract({ months: LAPSES_AFTER_MONTHS }).toString();

/** 29 February plus three years is 28 February. */
const monthsAfter = (day: string): string =>
  Temporal.PlainDate.from(day).add({ months: LAPSES_AFTER_MONTHS }).toString();

import { Temporal } from 'temporal-polyfill';

/**
 * Months without a collection after which a mandate must not be used any more: counted from the due date of the last one
 * that was presented, also where that was rejected, returned or refunded (EPC016-06, 4.1).
 */
const LAPSES_AFTER_MONTHS = 36;

/** What of a mandate its validity follows from, YYYY-MM-DD; `dernierePresentation` is empty where there was none. */
export type Used = { dateSignature: string; dernierePresentation: string };

/** The last day for which a debit may be presented by a mandate: of one that was never used, counted from its signature. */
export const validUntil = ({ dateSignature, dernierePresentation }: Used): string =>
  monthsAfter(dernierePresentation > dateSignature ? dernierePresentation : dateSignature);

/**
 * The same, where debits are presented on other days before: each has the mandate live on.
 * @param days YYYY-MM-DD, ascending
 */
export function validUntilAfter(used: Used, days: string[]): string {
  let until = validUntil(used);
  for (const day of days) if (day <= until && monthsAfter(day) > until) until = monthsAfter(day);
  return until;
}

/** 29 February and three years is 28 February. */
const monthsAfter = (day: string): string =>
  Temporal.PlainDate.from(day).add({ months: LAPSES_AFTER_MONTHS }).toString();

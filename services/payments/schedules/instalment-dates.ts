import { Temporal } from 'temporal-polyfill';

/**
 * The dates of instalments, YYYY-MM-DD: the day of the month of the first one, or the last day of a month that does
 * not have it. Each is counted from the first, so that 31 January is followed by 28 February and 31 March.
 */
export function instalmentDates(first: string, count: number, everyMonths: number): string[] {
  const start = Temporal.PlainDate.from(first);
  return Array.from({ length: count }, (_, index) => start.add({ months: index * everyMonths }).toString());
}

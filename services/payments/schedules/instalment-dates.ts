import { Temporal } from 'temporal-polyfill';

/**
 * The dates of instalments, YYYY-MM-DD: the same day of each month, or the last day of a shorter month. Each
 * date is computed from the first one, so 31 January is followed by 28 February and 31 March.
 */
export function instalmentDates(first: string, count: number, everyMonths: number): string[] {
  const start = Temporal.PlainDate.from(first);
  return Array.from({ length: count }, (_, index) => start.add({ months: index * everyMonths }).toString());
}

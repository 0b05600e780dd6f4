import { Temporal } from 'temporal-polyfill';
import { formatDays } from './format-french.ts';

/** The whole days between two calendar dates; negative if the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;

/** How late a payment is: `17 jours`; undefined if it is not late. */
export function lateness(due: string, today: string): string | undefined {
  const days = daysBetween(due, today);
  return days > 0 ? formatDays(days) : undefined;
}

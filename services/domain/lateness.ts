import { Temporal } from 'temporal-polyfill';
import { formatDays } from './format-french.ts';
import { todayInParis } from './paris.ts';

/** The whole days between two calendar dates; negative if the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;

/** How late a payment is: `17 jours`; undefined if it is not late. */
export function lateness(due: string, today: string): string | undefined {
  const days = daysBetween(due, today);
  return days > 0 ? formatDays(days) : undefined;
}

/** The due date of an invoice, and for how many days it has been due; 0: not yet, or it is unknown (empty). */
export function dueSince(dateEcheance: string): { dateEcheance: string; retardJours: number } {
  const late = dateEcheance ? daysBetween(dateEcheance, todayInParis()) : 0;
  return { dateEcheance, retardJours: Math.max(0, late) };
}

import { formatDate as formatDateBroken, formatDays, NBSP } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';

/** `15 juin 2026`, with a non-breaking space between day and month. */
export const formatDate = (date: string): string => formatDateBroken(date).replace(' ', NBSP);

/** Puts non-breaking spaces before double punctuation, as French requires, so that no line begins with it. */
export const unbroken = (text: string): string => text.replace(/ (?=[:;?!»])/g, NBSP);

/** The whole days between two calendar dates; negative if the second is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;

/** How late a payment is: `17 jours`; undefined if it is not late. */
export function lateness(due: string, today: string): string | undefined {
  const days = daysBetween(due, today);
  return days > 0 ? formatDays(days) : undefined;
}

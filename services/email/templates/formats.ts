import { formatDate as formatDateBroken, formatDays, NBSP } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';

/** `15 juin 2026`; the day and its month stay on one line. */
export const formatDate = (date: string): string => formatDateBroken(date).replace(' ', NBSP);

/** A line of text whose double punctuation does not begin a line: French sets a space before it. */
export const unbroken = (text: string): string => text.replace(/ (?=[:;?!»])/g, NBSP);

/** Whole days from one calendar date to another; negative when it is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;

/** How late a payment is that was due on a day: `17 jours`; undefined where it is not late. */
export function lateness(due: string, today: string): string | undefined {
  const days = daysBetween(due, today);
  return days > 0 ? formatDays(days) : undefined;
}

/** The calendar date some days later. */
export const daysAfter = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();

import { formatDate as formatDateBroken } from '@crm/kit';
import { Temporal } from 'temporal-polyfill';

/** Keeps what stands on either side on one line: French sets it before `:`, `?` and `%`, and inside numbers. */
export const NBSP = '\u00a0';

/** `15 juin 2026`; the day and its month stay on one line. */
export const formatDate = (date: string): string => formatDateBroken(date).replace(' ', NBSP);

/** A line of text whose double punctuation does not begin a line: French sets a space before it. */
export const unbroken = (text: string): string => text.replace(/ (?=[:;?!»])/g, NBSP);

/** `1 jour`, `12 jours`. */
export const formatDays = (days: number): string => `${days}${NBSP}jour${days > 1 ? 's' : ''}`;

/** Whole days from one calendar date to another; negative when it is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;

/** How late a payment is that was due on a day: `17 jours`, or that it is not. */
export function lateness(due: string, today: string): string {
  const days = daysBetween(due, today);
  return days > 0 ? formatDays(days) : 'aucun à ce jour';
}

/** The calendar date some days later. */
export const daysAfter = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();

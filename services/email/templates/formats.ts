import { Temporal } from 'temporal-polyfill';

/** Keeps what stands on either side on one line: French sets it before `:`, `?` and `%`, and inside numbers. */
export const NBSP = '\u00a0';

const EUROS = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const PERCENT = new Intl.NumberFormat('fr-FR', { minimumFractionDigits: 2 });
const MONTHS = [
  ...['janvier', 'février', 'mars', 'avril', 'mai', 'juin'],
  ...['juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'],
];

/** Cents as people read them: `1 234,56 €`, with non-breaking spaces (U+202F between thousands, U+00A0 before €). */
export const formatEuros = (cents: bigint): string => EUROS.format(Number(cents) / 100);

/** Hundredths of a percent as people read them: `12,15 %`. */
export const formatRate = (basisPoints: bigint): string =>
  `${PERCENT.format(Number(basisPoints) / 100)}${NBSP}%`;

/** A calendar date as people read it: `15 juin 2026`, `1er juin 2026`, on one line. */
export function formatDate(date: string): string {
  const { day, month, year } = Temporal.PlainDate.from(date);
  return [day === 1 ? '1er' : day, MONTHS[month - 1], year].join(NBSP);
}

/** `1 jour`, `12 jours`. */
export const formatDays = (days: number): string => `${days}${NBSP}jour${days > 1 ? 's' : ''}`;

/** Whole days from one calendar date to another; negative when it is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Temporal.PlainDate.from(from).until(to, { largestUnit: 'day' }).days;

/** The calendar date some days later. */
export const daysAfter = (date: string, days: number): string =>
  Temporal.PlainDate.from(date).add({ days }).toString();

/** The calendar date of an instant in Europe/Paris. */
export const dateInParis = (instant: Date): string =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime())
    .toZonedDateTimeISO('Europe/Paris')
    .toPlainDate()
    .toString();

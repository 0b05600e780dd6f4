import { PARIS } from './paris.ts';

/** The non-breaking space that French puts before `:`, `?` and `%`, and inside numbers. */
export const NBSP = '\u00a0';

/** ICU separates thousands with U+202F, which many fonts lack; it is replaced by U+00A0. */
const spaced = (text: string): string => text.replaceAll('\u202f', NBSP);

const EUROS = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const TIME = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'short', timeZone: PARIS });
const dates = (timeZone: string) => new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone });
const CALENDAR = dates('UTC');
const IN_PARIS = dates(PARIS);

/**
 * An amount in French: `1 234,56 €`, with non-breaking spaces.
 * @param cents exact for more than ten billion euros
 */
export const formatEuros = (cents: bigint): string => spaced(EUROS.format(Number(cents) / 100));

/**
 * A date in French: `15 juin 2026`, `1er juin 2026`.
 * @param date a calendar date YYYY-MM-DD, or an instant, which stands for its day in Paris
 */
export const formatDate = (date: string | Date): string =>
  (typeof date === 'string' ? CALENDAR.format(new Date(date)) : IN_PARIS.format(date)).replace(/^1 /, '1er ');

/** An instant in French, Paris time: `1er juin 2026 à 09:00`. */
export const formatInstant = (at: Date): string => `${formatDate(at)} à ${TIME.format(at)}`;

/** `1 jour`, `12 jours`. */
export const formatDays = (days: number): string => `${days}${NBSP}jour${days > 1 ? 's' : ''}`;

/**
 * Amounts and dates as they are written in French: `1 234,56 €`, `15 juin 2026`. ICU separates thousands with U+202F,
 * which fonts often lack: here it is U+00A0.
 */
const spaced = (text: string): string => text.replaceAll('\u202f', '\u00a0');

const EUROS = new Intl.NumberFormat('fr-FR', { style: 'currency', currency: 'EUR' });
const NUMBER = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 3 });
const DATE = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: 'UTC' });

/** @param cents ten billion euros at most */
export const formatEuros = (cents: bigint): string => spaced(EUROS.format(Number(cents) / 100));

/** @param thousandths 1500 is 1,5 */
export const formatQuantity = (thousandths: bigint): string =>
  spaced(NUMBER.format(Number(thousandths) / 1000));

/** @param hundredths of a percent: 550 is 5,5 % */
export const formatRate = (hundredths: number): string => `${NUMBER.format(hundredths / 100)}\u00a0%`;

/** @param date YYYY-MM-DD */
export const formatDate = (date: string): string => DATE.format(new Date(`${date}T00:00:00Z`));

/** The characters at the start of a cell that spreadsheets treat as a formula; full-width ones, too. */
const FORMULA = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^-?\d+(,\d+)?$/;
/** Digits of which a spreadsheet would drop zeros at the start, or round those at the end: a SIREN, a SIRET, a number. */
const CODE = /^(0\d+|\d{12,})$/;

/** What begins a file for French spreadsheets: a byte order mark for the accents. */
export const CSV_START = '\ufeff';

/** A table for French spreadsheets. */
export const csv = (rows: string[][]): string => `${CSV_START}${rows.map(csvLine).join('')}`;

/**
 * A line of such a table: semicolons between the cells. Formulas are neutralised; numbers stay numbers, and
 * codes of digits stay codes: `="005520135"`.
 */
export const csvLine = (row: string[]): string => `${row.map(cell).join(';')}\r\n`;

/** An amount in cents as a number that French spreadsheets add up: `1234,50`. */
export function csvAmount(cents: bigint): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)},${digits.slice(-2)}`;
}

/** A date YYYY-MM-DD as French spreadsheets read it: `31/12/2026`. Empty: none. */
export const csvDate = (date: string): string => date.split('-').reverse().join('/');

function cell(text: string): string {
  if (CODE.test(text)) return `"=""${text}"""`;
  const inert = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

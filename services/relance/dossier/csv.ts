/** The characters at the start of a cell that spreadsheets treat as a formula. */
const FORMULA = /^[=+\-@\t\r]/;

/**
 * A table for French spreadsheets: semicolons, and a byte order mark for the accents. Formulas are
 * neutralised.
 */
export const csv = (rows: string[][]): string =>
  `\ufeff${rows.map((row) => `${row.map(cell).join(';')}\r\n`).join('')}`;

function cell(text: string): string {
  const inert = FORMULA.test(text) ? `'${text}` : text;
  return /[";\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}

/** What a spreadsheet would take for a formula: `=`, `+`, `-`, `@`, tab or carriage return at the start (CWE-1236). */
const FORMULA = /^[=+\-@\t\r]/;

/** A cell: a text, an amount in cents, or a number. */
export type Cell = string | bigint | number;

/**
 * A table as a file for French spreadsheets: `;` between cells, a comma in numbers, in UTF-8 with its mark, lines ended by
 * CRLF. A text that a spreadsheet would take for a formula begins with an apostrophe.
 */
export const csv = (titles: string[], rows: Cell[][]): string =>
  `\uFEFF${[titles, ...rows].map((row) => row.map(inCell).join(';')).join('\r\n')}\r\n`;

function inCell(value: Cell): string {
  if (typeof value === 'number') return String(value).replace('.', ',');
  if (typeof value === 'bigint') return inEuros(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /["\n\r;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const inEuros = (cents: bigint): string => {
  const size = cents < 0n ? -cents : cents;
  return `${cents < 0n ? '-' : ''}${size / 100n},${String(size % 100n).padStart(2, '0')}`;
};

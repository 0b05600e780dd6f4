/** Thousands may be set apart by spaces of any kind; `,` or `.` comes before the cents. */
const AMOUNT = /^(\d+|\d{1,3}(?: \d{3})+)(?:[,.](\d{0,2}))?$/;
/** What the services accept as the largest amount is below this. */
const MOST_DIGITS = 15;

/** The cents of `1 240,50` or `1240.5 €`; `undefined` for what is no amount, or could be read in two ways (`1.240`). */
export function readAmount(written: string): bigint | undefined {
  const text = written.replace(/\s+/g, ' ').replace(/ ?€$/, '').trim();
  const [, euros, cents = ''] = AMOUNT.exec(text) ?? [];
  if (euros === undefined || euros.length > MOST_DIGITS) return undefined;
  return BigInt(euros.replaceAll(' ', '')) * 100n + BigInt(cents.padEnd(2, '0'));
}

/** `1240,50` for 124050n: how one would write it. */
export const writtenAmount = (cents: bigint): string =>
  `${cents / 100n},${String(cents % 100n).padStart(2, '0')}`;

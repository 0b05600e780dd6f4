/** No amount has more digits before its point: ISO 20022 allows 18 in all. */
const MOST_DIGITS = 16;
/** xs:decimal: no exponent, digits before or after the point may be left out, not both. */
const DECIMAL = /^([+-]?)0*(\d*)(?:\.(\d*))?$/;

/**
 * An amount in euros, as XML writes a decimal, in cents: "750.00", "750", "+750.", ".50", "0750.5000".
 * @returns -1n for what is none: not a decimal, less than nothing, or parts of a cent
 */
export function euroCents(text: string): bigint {
  const [, sign, euros = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || !/\d/.test(text) || euros.length > MOST_DIGITS) return -1n;
  if (/[^0]/.test(fraction.slice(2))) return -1n;
  const cents = BigInt(`0${euros}`) * 100n + BigInt(fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && cents > 0n ? -1n : cents;
}

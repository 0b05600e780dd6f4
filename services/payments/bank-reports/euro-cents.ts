/** The most digits before the decimal point: ISO 20022 allows 18 in all. */
const MOST_DIGITS = 16;
/** xs:decimal: no exponent; digits are optional before or after the point, but not both. */
const DECIMAL = /^([+-]?)0*(\d*)(?:\.(\d*))?$/;

/**
 * Converts an XML decimal in euros to cents: "750.00", "750", "+750.", ".50", "0750.5000".
 * @returns -1n if it is not a decimal, is negative, or has fractions of a cent
 */
export function euroCents(text: string): bigint {
  const [, sign, euros = '', fraction = ''] = DECIMAL.exec(text) ?? [];
  if (sign === undefined || !/\d/.test(text) || euros.length > MOST_DIGITS) return -1n;
  if (/[^0]/.test(fraction.slice(2))) return -1n;
  const cents = BigInt(`0${euros}`) * 100n + BigInt(fraction.slice(0, 2).padEnd(2, '0'));
  return sign === '-' && cents > 0n ? -1n : cents;
}

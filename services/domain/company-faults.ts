import { checkVAT, countries } from 'jsvat';
import type { FieldFault } from '@crm/kit';
import { isSiren } from './is-siren.ts';

/** What identifies a company; empty: not told. Without spaces, as `compactNumber` makes them. */
export type CompanyNumbers = { siren: string; numeroTva: string };

/** Where VAT numbers are that jsvat does not know: Northern Ireland (XI) and the rest of the world. */
const ANY_VAT_NUMBER = /^[A-Z]{2}[A-Z0-9]{2,18}$/;

/** A number as people write it, `fr 44 732 829 320`, as it is kept: `FR44732829320`. */
export const compactNumber = (number: string): string =>
  number.replace(/[\s.\-\u00a0\u202f]/g, '').toUpperCase();

/**
 * What is wrong with a company's numbers, all faults at once: the SIREN's check digit, the VAT number's form in its
 * country, and of a French one its key and whether it names that SIREN. Other countries' check digits are not judged:
 * their rules change, and a number that is refused wrongly cannot be invoiced to.
 */
export function companyFaults({ siren, numeroTva }: CompanyNumbers): FieldFault[] {
  const faults: FieldFault[] = [];
  if (siren && !isSiren(siren))
    faults.push({ field: 'siren', description: 'must be 9 digits whose Luhn sum is right' });
  const fault = numeroTva && vatNumberFault(numeroTva, siren);
  if (fault) faults.push({ field: 'numeroTva', description: fault });
  return faults;
}

/** Empty: none. */
function vatNumberFault(numero: string, siren: string): string {
  const pays = numero.slice(0, 2);
  const { isValidFormat } = checkVAT(numero, countries);
  const known = countries.some(({ codes }) => codes.includes(pays === 'EL' ? 'GR' : pays));
  if (!(isValidFormat || (!known && ANY_VAT_NUMBER.test(numero))))
    return `must be a VAT number as ${/^[A-Z]{2}/.test(pays) ? pays : 'its country, named first,'} writes it`;
  if (pays !== 'FR') return '';
  const named = numero.slice(4);
  if (siren && named !== siren) return `must name the siren: FR, two characters, then ${siren}`;
  const key = numero.slice(2, 4);
  const expected = String((12 + 3 * (Number(named) % 97)) % 97).padStart(2, '0');
  // keys with letters are given by the administration and follow from nothing
  return /^\d\d$/.test(key) && key !== expected
    ? `must have the key of its SIREN: FR${expected}${named}`
    : '';
}

import { checkVAT, countries } from 'jsvat';
import type { FieldFault } from '@crm/kit';
import { isSiren } from './is-siren.ts';

/** The numbers of a company without spaces, as `compactNumber` returns them. Empty: unknown. */
export type CompanyNumbers = { siren: string; numeroTva: string };

/** The form of VAT numbers that jsvat does not know: Northern Ireland (XI), and outside of Europe. */
const ANY_VAT_NUMBER = /^[A-Z]{2}[A-Z0-9]{2,18}$/;

/** Removes the spaces of a number: `fr 44 732 829 320` becomes `FR44732829320`. */
export const compactNumber = (number: string): string =>
  number.replace(/[\s.\-\u00a0\u202f]/g, '').toUpperCase();

/**
 * All faults in a company's numbers: the SIREN's check digit, the form of the VAT number in its country, and
 * for a French one its key and its SIREN. Check digits of other countries are not verified: their rules
 * change, and a valid number that is refused could not be invoiced.
 */
export function companyFaults({ siren, numeroTva }: CompanyNumbers): FieldFault[] {
  const faults: FieldFault[] = [];
  if (siren && !isSiren(siren))
    faults.push({ field: 'siren', description: 'must be 9 digits whose Luhn sum is right' });
  const fault = numeroTva && vatNumberFault(numeroTva, siren);
  if (fault) faults.push({ field: 'numeroTva', description: fault });
  return faults;
}

/** Empty: no fault. */
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
  // keys with letters are assigned and cannot be computed
  return /^\d\d$/.test(key) && key !== expected
    ? `must have the key of its SIREN: FR${expected}${named}`
    : '';
}

import { invalid } from '@crm/kit';
import { electronicFormatIBAN, isSEPACountry, isValidBIC, isValidIBAN } from 'ibantools';

/**
 * Checks an IBAN and its BIC.
 * @param account the IBAN, with or without spaces; the BIC or ""
 * @returns the IBAN without spaces
 * @throws INVALID_ARGUMENT naming `iban` or `bic`; the value itself is not repeated
 */
export function checkAccount({ iban: given, bic }: { iban: string; bic: string }): string {
  const iban = electronicFormatIBAN(given);
  if (!iban || !isValidIBAN(iban)) throw invalid('iban', 'must be an IBAN whose check digits are right');
  if (!isSEPACountry(iban.slice(0, 2))) throw invalid('iban', 'must be of a country of the SEPA');
  if (bic && !isValidBIC(bic)) throw invalid('bic', 'must be a BIC');
  if (bic && !countriesOf(iban).includes(bic.slice(4, 6))) {
    throw invalid('bic', 'must be of the country of the IBAN');
  }
  return iban;
}

/** The visible form of an IBAN: `FR14 **** 606`. */
export const maskIban = (iban: string): string => `${iban.slice(0, 4)} **** ${iban.slice(-3)}`;

/** Countries of ISO 3166 whose banks use the IBANs of another country: their BICs match such an IBAN. */
const TERRITORIES: Record<string, string[]> = {
  FI: ['AX'],
  FR: ['GF', 'GP', 'MQ', 'RE', 'PF', 'TF', 'YT', 'NC', 'BL', 'MF', 'PM', 'WF'],
  GB: ['IM', 'JE', 'GG'],
};

const countriesOf = (iban: string): string[] => {
  const country = iban.slice(0, 2);
  return [country, ...(TERRITORIES[country] ?? [])];
};

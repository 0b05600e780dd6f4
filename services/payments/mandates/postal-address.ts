import { invalid } from '@crm/kit';
import type { AdressePostale } from '@crm/proto/payments/payments';
import { sepaText } from '../debits/sepa-text.ts';

/** An address as it is kept, by the names of the wire; parts that it does not have are ''. */
export type PostalAddress = Record<keyof Omit<AdressePostale, '$type'>, string>;

/** PostalAddress24 of ISO 20022, in the order of its schema, with the most characters of each: pain.008.001.08. */
const ELEMENTS = [
  ['StrtNm', 'rue', 70],
  ['BldgNb', 'numero', 16],
  ['BldgNm', 'batiment', 35],
  ['PstBx', 'boitePostale', 16],
  ['PstCd', 'codePostal', 16],
  ['TwnNm', 'ville', 35],
  ['CtrySubDvsn', 'region', 35],
  ['Ctry', 'pays', 2],
] as const;

/**
 * Countries and territories of SEPA outside of the European Economic Area (EPC409-09, version 8): where the account of the
 * debtor or of the creditor is in one of them, banks refuse a debit without the debtor's address (EPC's guidance on the
 * provision of addresses, 2.1). Accounts in Guernsey, Jersey and the Isle of Man have British IBANs.
 */
const ADDRESS_IS_MANDATORY = new Set(
  ['AD', 'CH', 'GB', 'GG', 'GI', 'IM', 'JE', 'MC', 'SM', 'VA'].concat(
    // since 2024 and 2025
    ['AL', 'MD', 'ME', 'MK', 'RS'],
  ),
);

const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Codes that have a name and are no country: the European Union, the euro area, the United Nations, unknown. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'ZZ']);
const isCountry = (code: string): boolean => NAMES.of(code) !== undefined && !NO_COUNTRY.has(code);

/**
 * Checks an address, whose town and country the annotations of the wire have seen to be there.
 * @returns it without blanks at the ends of its parts
 * @throws INVALID_ARGUMENT naming what a file for the bank could not say
 */
export function checkAddress(adresse: AdressePostale): PostalAddress {
  const parts = Object.fromEntries(ELEMENTS.map(([, part]) => [part, adresse[part].trim()])) as PostalAddress;
  for (const [, part, most] of ELEMENTS) {
    if (parts[part] && !/[A-Za-z0-9]/.test(sepaText(parts[part], most))) {
      throw invalid(`adresse.${part}`, 'must be in Latin letters: others cannot be told to banks');
    }
  }
  if (!isCountry(parts.pays)) throw invalid('adresse.pays', 'must be a country of ISO 3166-1');
  return parts;
}

/** Whether the debtor's address is mandatory for a debit between two accounts, of which the first letters are enough. */
export const needsAddress = (...ibans: string[]): boolean =>
  ibans.some((iban) => ADDRESS_IS_MANDATORY.has(iban.slice(0, 2)));

/** The elements of PstlAdr: its parts that are there, in the character set of SEPA. */
export const addressElements = (adresse: PostalAddress): [name: string, text: string][] =>
  ELEMENTS.flatMap(([name, part, most]) =>
    adresse[part] ? [[name, sepaText(adresse[part], most)] as [string, string]] : [],
  );

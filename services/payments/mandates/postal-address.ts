import { invalid } from '@crm/kit';
import type { AdressePostale } from '@crm/proto/payments/payments';
import { sepaText } from '../debits/sepa-text.ts';

/** A stored address, with the field names of the wire. Missing parts are ''. */
export type PostalAddress = Record<keyof Omit<AdressePostale, '$type'>, string>;

/** The elements of PostalAddress24 in pain.008.001.08, in schema order, with the maximum length of each. */
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
 * SEPA countries and territories outside of the European Economic Area (EPC409-09, version 8). If the account
 * of the debtor or the creditor is in one of them, banks refuse a debit without the debtor's address (EPC
 * guidance on the provision of addresses, 2.1). Accounts in Guernsey, Jersey and the Isle of Man have British
 * IBANs.
 */
const ADDRESS_IS_MANDATORY = new Set(
  ['AD', 'CH', 'GB', 'GG', 'GI', 'IM', 'JE', 'MC', 'SM', 'VA'].concat(
    // members of SEPA since 2024 and 2025
    ['AL', 'MD', 'ME', 'MK', 'RS'],
  ),
);

const NAMES = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });
/** Codes with a name that are not countries: European Union, euro area, United Nations, unknown. */
const NO_COUNTRY = new Set(['EU', 'EZ', 'UN', 'ZZ']);
const isCountry = (code: string): boolean => NAMES.of(code) !== undefined && !NO_COUNTRY.has(code);

/**
 * Checks an address; town and country are present already, by the rules of the wire.
 * @returns the address with its parts trimmed
 * @throws INVALID_ARGUMENT naming parts that a file for the bank cannot contain
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

/**
 * Whether the debtor's address is mandatory for a debit between two accounts. The country codes of the IBANs
 * are enough.
 */
export const needsAddress = (...ibans: string[]): boolean =>
  ibans.some((iban) => ADDRESS_IS_MANDATORY.has(iban.slice(0, 2)));

/** The elements of PstlAdr: the parts that exist, in the SEPA character set. */
export const addressElements = (adresse: PostalAddress): [name: string, text: string][] =>
  ELEMENTS.flatMap(([name, part, most]) =>
    adresse[part] ? [[name, sepaText(adresse[part], most)] as [string, string]] : [],
  );

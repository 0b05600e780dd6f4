import { formatEuros } from './format-french.ts';

/** What is known of a société; empty: not told. */
export type LegalPerson = {
  raisonSociale: string;
  formeJuridique: string;
  /** Cents. */
  capital: bigint;
  siren: string;
  rcs: string;
  numeroTva: string;
  adresse: string;
};

const NBSP = '\u00a0';

/**
 * What letters, e-mails and invoices of a French company say of it at their foot, each mention an element: name, form
 * and capital (C. com. R123-238), seat, SIREN and register (C. com. R123-237), VAT number (CGI annexe II art. 242
 * nonies A). What is not known is left out; each is one line.
 */
export function legalMentions(societe: LegalPerson): string[] {
  const { raisonSociale, formeJuridique, capital, siren, rcs, numeroTva, adresse } = societe;
  const form = formeJuridique && `, ${formeJuridique}`;
  const share = capital ? `${form ? '' : ','} au capital de ${formatEuros(capital).replace(',00', '')}` : '';
  return [
    `${raisonSociale}${form}${share}`,
    adresse,
    siren && `SIREN${NBSP}${siren.replace(/(\d{3})(?=\d)/g, `$1${NBSP}`)}`,
    rcs && `RCS${NBSP}${rcs.replace(/^RCS\s+/i, '')}`,
    numeroTva && `TVA intracommunautaire${NBSP}${numeroTva}`,
  ]
    .map(oneLine)
    .filter(Boolean);
}

/** Lines of an address become one; characters that control or turn text go. */
const oneLine = (text: string): string =>
  text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .split(/[\p{Cc}\u2028\u2029]+/u)
    .map((line) => line.trim().replace(/,$/, ''))
    .filter(Boolean)
    .join(', ');

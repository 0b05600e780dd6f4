import { formatEuros, NBSP } from './format-french.ts';

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

/**
 * What letters, e-mails and invoices of a French company say of it at their foot, each mention an element: name, form
 * and capital (C. com. R123-238), seat, SIREN and register (C. com. R123-237), VAT number (CGI annexe II art. 242
 * nonies A). What is not known is left out, and what a société has written into two of them is said once: the SIREN with
 * the register, the form with the name. Each is one line.
 */
export function legalMentions(societe: LegalPerson): string[] {
  const { raisonSociale, formeJuridique, capital, siren, rcs, numeroTva, adresse } = societe;
  const form = formeJuridique && !namesForm(raisonSociale, formeJuridique) ? `, ${formeJuridique}` : '';
  const register = registerOf(rcs, siren);
  const share = capital ? `${form ? '' : ','} au capital de ${formatEuros(capital).replace(',00', '')}` : '';
  return [
    `${raisonSociale}${form}${share}`,
    adresse,
    siren && `SIREN${NBSP}${formatSiren(siren)}`,
    register && `RCS${NBSP}${register}`,
    numeroTva && `TVA intracommunautaire${NBSP}${numeroTva}`,
  ]
    .map(oneLine)
    .filter(Boolean);
}

/** A SIREN as people read it: `732 829 320`, its spaces not breaking. */
export const formatSiren = (siren: string): string => siren.replace(/(\d{3})(?=\d)/g, `$1${NBSP}`);

/** "Énergie SAS" says already that it is a SAS. */
const namesForm = (name: string, form: string): boolean =>
  name
    .toUpperCase()
    .split(/[\s,()]+/)
    .includes(form.toUpperCase());

/** The town of a register, which people write as "RCS Paris", "Paris B 732 829 320" or "732 829 320 RCS Paris", too. */
const registerOf = (rcs: string, siren: string): string =>
  rcs
    .replace(/\bR\.?C\.?S\b\.?(\s+de\b)?/i, '')
    .replace(siren ? new RegExp(`(\\b[A-D]\\s*)?\\b${[...siren].join('\\s*')}\\b`) : /^$/, '')
    .replace(/^[\s,:]+|[\s,:]+$/g, '')
    .replace(/\s+/g, ' ');

/** Lines of an address become one; characters that control or turn text go. */
const oneLine = (text: string): string =>
  text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .split(/[\p{Cc}\u2028\u2029]+/u)
    .map((line) => line.trim().replace(/,$/, ''))
    .filter(Boolean)
    .join(', ');

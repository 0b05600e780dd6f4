import { formatEuros, NBSP } from './format-french.ts';

/** The legal data of a société. Empty: unknown. */
export type LegalPerson = {
  raisonSociale: string;
  formeJuridique: string;
  /** In cents. */
  capital: bigint;
  siren: string;
  rcs: string;
  numeroTva: string;
  adresse: string;
};

/**
 * The legal notices at the foot of a French company's letters, e-mails and invoices, one element each: name,
 * form and capital (C. com. R123-238), registered office, SIREN and register (C. com. R123-237), VAT number
 * (CGI annexe II art. 242 nonies A). Unknown ones are left out, and repetitions are removed: the SIREN next
 * to the register, the form next to the name. Each is one line.
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

/** A SIREN for people: `732 829 320`, with non-breaking spaces. */
export const formatSiren = (siren: string): string => siren.replace(/(\d{3})(?=\d)/g, `$1${NBSP}`);

/** Whether the name contains the form already: "Énergie SAS". */
const namesForm = (name: string, form: string): boolean =>
  name
    .toUpperCase()
    .split(/[\s,()]+/)
    .includes(form.toUpperCase());

/**
 * The town of a register. People also write "RCS Paris", "Paris B 732 829 320" or "732 829 320 RCS Paris".
 */
const registerOf = (rcs: string, siren: string): string =>
  rcs
    .replace(/\bR\.?C\.?S\b\.?(\s+de\b)?/i, '')
    .replace(siren ? new RegExp(`(\\b[A-D]\\s*)?\\b${[...siren].join('\\s*')}\\b`) : /^$/, '')
    .replace(/^[\s,:]+|[\s,:]+$/g, '')
    .replace(/\s+/g, ' ');

/** Joins the lines of an address, and removes control characters and changes of direction. */
const oneLine = (text: string): string =>
  text
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .split(/[\p{Cc}\u2028\u2029]+/u)
    .map((line) => line.trim().replace(/,$/, ''))
    .filter(Boolean)
    .join(', ');

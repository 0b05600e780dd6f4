import type { ElementTexts } from './element-texts.ts';

/**
 * What an entry is about according to its bank transaction code (BkTxCd): a debit of ours, its return, a
 * charge for one of these, any charge, something else, or unknown.
 */
export type Subject = 'debit' | 'return' | 'charge' | 'other charge' | 'other' | 'unsaid';

/** The paths of the code within an entry or a transaction. */
export const CODE_PATHS = [
  ...['BkTxCd/Domn/Cd', 'BkTxCd/Domn/Fmly/Cd', 'BkTxCd/Domn/Fmly/SubFmlyCd'],
  ...['BkTxCd/Prtry/Cd', 'BkTxCd/Prtry/Issr'],
];

/** Reversals of direct debits (ISO 20022 external bank transaction codes): unpaid, reversed, recalled. */
const REVERSALS = new Set(['UPDD', 'PRDD', 'RCDD']);
const CHARGES = new Set(['CHRG', 'FEES', 'COMM', 'COME', 'COMI', 'COMT']);
/** Families of direct debits: issued by us, received by us. */
const DEBITS = new Set(['IDDT', 'RDDT']);
/** Families of other payments: transfers, cards, cheques, cash, drafts, lockboxes. */
const OTHER_PAYMENTS = new Set([
  ...['RCDT', 'ICDT', 'RRCT', 'IRCT', 'CCRD', 'MCRD', 'CNTR', 'RCHQ', 'ICHQ', 'DRFT', 'LBOX'],
]);
/** Domains of something else: the account itself, loans, cash management, currencies, securities. */
const OTHER_DOMAINS = new Set(['ACMT', 'LDAS', 'CAMT', 'FORX', 'SECU', 'TRAD', 'DERV', 'PMET', 'CMDT']);

/** Issuers of the three-digit codes of German banks (Geschäftsvorfallcode). */
const GERMAN_ISSUERS = new Set(['DK', 'ZKA']);
const GERMAN: Record<string, Subject> = {
  ...{ 108: 'return', 109: 'return', 808: 'other charge' },
  ...{ 171: 'debit', 174: 'debit', 192: 'debit', 196: 'debit' },
};
/** German codes of debits by others and cards; of transfers, single and in batches. */
const GERMAN_OTHER = /^(10[4-6]|11\d|15[2-9]|16[0-9]|177|19[014]|20\d)$/;

/**
 * What an entry or a transaction is about, by its own code. A debit of our account by somebody else (RDDT) is
 * something else. No code, or an unknown national code, is unknown.
 * @param direction CRDT or DBIT
 */
export function bankSubject(texts: ElementTexts, direction: string): Subject {
  const [domain, family, sub] = ['Domn/Cd', 'Domn/Fmly/Cd', 'Domn/Fmly/SubFmlyCd'].map((path) =>
    texts.text(`BkTxCd/${path}`).toUpperCase(),
  ) as [string, string, string];
  if (domain && CHARGES.has(sub)) return DEBITS.has(family) ? 'charge' : 'other charge';
  if (domain === 'PMNT') return paymentSubject(family, sub, direction);
  if (OTHER_DOMAINS.has(domain)) return 'other';
  return germanSubject(texts, direction);
}

function paymentSubject(family: string, sub: string, direction: string): Subject {
  if (family === 'IDDT') return REVERSALS.has(sub) ? 'return' : 'debit';
  if (family === 'RDDT') {
    // some banks book returns of our debits here
    if (REVERSALS.has(sub)) return direction === 'DBIT' ? 'return' : 'other';
    return direction === 'DBIT' ? 'other' : 'unsaid';
  }
  return OTHER_PAYMENTS.has(family) ? 'other' : 'unsaid';
}

function germanSubject(texts: ElementTexts, direction: string): Subject {
  if (!GERMAN_ISSUERS.has(texts.text('BkTxCd/Prtry/Issr').toUpperCase())) return 'unsaid';
  const code = texts
    .text('BkTxCd/Prtry/Cd')
    .split('+')
    .find((part) => /^\d{3}$/.test(part));
  if (!code) return 'unsaid';
  if (direction === 'CRDT' && /^10[45]$/.test(code)) return 'unsaid';
  return GERMAN[code] ?? (GERMAN_OTHER.test(code) ? 'other' : 'unsaid');
}

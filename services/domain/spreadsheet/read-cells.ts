import { Temporal } from 'temporal-polyfill';
import { isSiren } from '../is-siren.ts';
import { dateInParis } from '../paris.ts';

/** The value of a cell, or what is wrong with it and what to write instead, in French. */
export type Cell<T> = { value: T } | { fault: string };

/** Errors that spreadsheets write into cells. */
const BROKEN = /^#(N\/A|REF!|NOM\?|NAME\?|VALEUR!|VALUE!|DIV\/0!|NUL!|NULL!|NOMBRE!|NUM!|#+)/i;
const SCIENTIFIC = /^[+-]?\d+([.,]\d+)?e[+-]?\d+$/i;
/** Spaces within numbers, of every width, and the Swiss apostrophe. */
const SPACES = /[\s\u00a0\u2007\u2009\u202f'’]/g;

const IN_SCIENCE =
  'le tableur a changé ce numéro en nombre (notation scientifique) : mettez la colonne au format Texte et ressaisissez-le';

/** What accents become that were read in another encoding than they were written in: `Ã©`. */
const GARBLED = /\ufffd|Ã[\u00a0-\u00bf\u20ac\u2030\u02c6Š]|â€/;
/** Characters that nobody sees, out of web pages and mails. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;

/** A text on one line. Line breaks and repeated spaces become one space. */
export const readText = (cell: string): Cell<string> =>
  BROKEN.test(cell)
    ? { fault: 'c’est une erreur du tableur : corrigez la formule, ou videz la cellule' }
    : GARBLED.test(cell)
      ? { fault: 'des accents sont perdus : exportez le fichier de nouveau, en CSV UTF-8' }
      : {
          value: cell
            .replace(INVISIBLE, '')
            .replace(/[\p{Z}\p{Cc}\u2028\u2029]+/gu, ' ')
            .trim(),
        };

/** A number that is a name: of an invoice, a client. */
export function readReference(cell: string): Cell<string> {
  if (SCIENTIFIC.test(cell)) return { fault: IN_SCIENCE };
  return readText(cell);
}

/** Thousands apart: `1 234,56`, `1.234,56`, `1,234.56`, `1.234.567`; or not: `1234,5`. */
const AMOUNTS = [
  /^\d{1,3}( \d{3})+([.,]\d{1,2})?$/,
  /^\d+([.,]\d{1,2})?$/,
  /^\d{1,3}(\.\d{3})+,\d{1,2}$/,
  /^\d{1,3}(,\d{3})+\.\d{1,2}$/,
  /^\d{1,3}(\.\d{3}){2,}$/,
  /^\d{1,3}(,\d{3}){2,}$/,
  // databases write four or six decimals
  /^\d+[.,]\d{2}0{2,4}$/,
];
/** Ten billion euros (`rules.amount`). */
const MOST_CENTS = 1_000_000_000_000n;

/** An amount in cents as French people and their software write it: `1 234,56 €`, `-12,00`, `(12,00)`. */
export function readAmount(cell: string): Cell<bigint> {
  const text = cell
    .replace(/€|\beur(os?)?\b/gi, '')
    .replace(SPACES, ' ')
    .trim();
  // the zero of the format Comptabilité: `-   €`
  if (/^[-−–]$/.test(text)) return { value: 0n };
  if (SCIENTIFIC.test(text))
    return { fault: 'en notation scientifique : mettez la colonne au format Nombre, 1234,56' };
  const sign = /^\((.*)\)$|^[-−–]\s*(.*)$|^(.*?)\s*[-−–]$/.exec(text);
  const digits = sign ? (sign[1] ?? sign[2] ?? sign[3] ?? '').trim() : text.replace(/^\+\s*/, '');
  if (/^\d{1,3}[.,]\d{3}$/.test(digits)) {
    const [whole, rest] = digits.split(/[.,]/) as [string, string];
    return {
      fault: `ambigu : écrivez ${whole}${rest},00, ou ${whole},${rest.slice(0, 2)} si ce sont des centimes`,
    };
  }
  if (!AMOUNTS.some((form) => form.test(digits))) return { fault: 'pas un montant : écrivez 1234,56' };
  const decimal = /[.,](\d{1,2}|\d{2}0{2,4})$/.exec(digits)?.[1] ?? '';
  const whole = digits
    .slice(0, decimal ? digits.length - decimal.length - 1 : undefined)
    .replace(/[ .,]/g, '');
  const cents = BigInt(whole) * 100n + BigInt(decimal.slice(0, 2).padEnd(2, '0'));
  if (cents > MOST_CENTS) return { fault: 'plus de dix milliards d’euros : vérifiez le montant' };
  return { value: sign ? -cents : cents };
}

const MONTHS = ['jan', 'fev', 'mar', 'avr', 'mai', 'juin', 'juil', 'aou', 'sep', 'oct', 'nov', 'dec'];
/** The dates from which others are computed (`rules.planned_date`). */
const [FIRST, LAST] = ['1900-01-01', '2099-12-31'];

/** A date YYYY-MM-DD: `31/12/2026`, `31-12-26`, `2026-12-31`, `31 déc. 2026`, each with an hour or without. */
export function readDate(cell: string): Cell<string> {
  if (/^\d{5}([.,]\d+)?$/.test(cell))
    return { fault: 'le tableur a gardé un nombre de jours : mettez la colonne au format Date, jj/mm/aaaa' };
  // an instant: its day in Paris
  if (/^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:\d{2})$/.test(cell) && !Number.isNaN(Date.parse(cell)))
    return { value: dateInParis(new Date(cell)) };
  const text = cell.replace(/[T ]\s*\d{1,2}[:h]\d{2}(:\d{2})?([.,]\d+)?$/, '').trim();
  const [year, month, day] = partsOf(text) ?? [];
  if (!year || !month || !day) return { fault: 'pas une date : écrivez jj/mm/aaaa' };
  const full = year.length === 2 ? `20${year}` : year;
  try {
    const fields = { year: Number(full), month: Number(month), day: Number(day) };
    const date = Temporal.PlainDate.from(fields, { overflow: 'reject' }).toString();
    return date >= FIRST && date <= LAST ? { value: date } : { fault: `l’année ${full} n’est pas plausible` };
  } catch {
    const isAmerican = Number(month) > 12 && Number(day) <= 12;
    return {
      fault: `cette date n’existe pas : écrivez jj/mm/aaaa${isAmerican ? ', le jour avant le mois' : ''}`,
    };
  }
}

const IN_DIGITS = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](?:\d{4}|\d{2})$/;

/** Whether a date certainly has its month first, `12/31/2026`; or could have, `03/04/2026`. Undefined: neither. */
export function monthFirst(cell: string): 'certainly' | 'perhaps' | undefined {
  const [first, second] = IN_DIGITS.exec(cell)?.slice(1).map(Number) ?? [];
  if (!first || !second || first > 12 || first === second) return undefined;
  return second > 12 ? 'certainly' : 'perhaps';
}

function partsOf(text: string): [year: string, month: string, day: string] | undefined {
  const iso = /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text);
  if (iso) return [iso[1]!, iso[2]!, iso[3]!];
  const french = /^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})$/.exec(text);
  if (french) return [french[3]!, french[2]!, french[1]!];
  const plain = text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const named =
    /^(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]*\.?,? )?(\d{1,2})(?:er)?[- ]([a-z]+)\.?[- ](\d{4}|\d{2})$/.exec(
      plain,
    );
  const month = named ? MONTHS.findIndex((name) => named[2]!.startsWith(name)) + 1 : 0;
  return named && month > 0 ? [named[3]!, String(month), named[1]!] : undefined;
}

/** A SIREN, or a SIRET, of which it is the beginning. */
export function readSiren(cell: string): Cell<string> {
  if (SCIENTIFIC.test(cell)) return { fault: IN_SCIENCE };
  const digits = cell.replace(SPACES, '').replace(/[.-]/g, '');
  if (/^\d{14}$/.test(digits) && isSiren(digits.slice(0, 9))) return { value: digits.slice(0, 9) };
  if (isSiren(digits)) return { value: digits };
  if (/^\d{6,8}$/.test(digits) && isSiren(digits.padStart(9, '0')))
    return {
      fault: `le tableur a ôté un zéro du début : écrivez ${digits.padStart(9, '0')}, colonne au format Texte`,
    };
  if (/^\d{12,13}$/.test(digits) && isSiren(digits.padStart(14, '0').slice(0, 9)))
    return {
      fault: `le tableur a ôté un zéro du début : écrivez ${digits.padStart(14, '0')}, colonne au format Texte`,
    };
  if (/^\d{9}$|^\d{14}$/.test(digits))
    return { fault: 'sa clé de contrôle est fausse : vérifiez les chiffres' };
  return { fault: 'un SIREN a 9 chiffres (un SIRET 14)' };
}

/** A telephone number with the spaces that people write. */
export function readTelephone(cell: string): Cell<string> {
  if (SCIENTIFIC.test(cell)) return { fault: IN_SCIENCE };
  if (/^[1-9]\d{8}$/.test(cell))
    return { fault: `le tableur a ôté le zéro du début : écrivez 0${cell}, colonne au format Texte` };
  return {
    value: cell
      .replace(/[\p{Z}\p{Cc}]+/gu, ' ')
      .replace(/[/_]/g, ' ')
      .trim(),
  };
}

/** Oui, non; empty is non. */
export function readYesNo(cell: string): Cell<boolean> {
  const word = cell.toLowerCase();
  if (['oui', 'o', 'vrai', 'true', 'yes', 'y', 'x', '1'].includes(word)) return { value: true };
  if (['', 'non', 'n', 'faux', 'false', 'no', '0', '-'].includes(word)) return { value: false };
  return { fault: 'écrivez oui ou non' };
}

import { cutText } from '@crm/kit';
import { countrySpecs, isValidIBAN } from 'ibantools';

/** The characters between the groups of an IBAN, as people and programs write it. */
const SEPARATOR = /[\s._-]/;
/** More separators than this in a row are not within an IBAN. */
const MOST_SEPARATORS = 2;
/** The longest IBAN with separators: 34 characters (ISO 13616), with the most separators between each two. */
export const LONGEST_IBAN = 34 + 33 * MOST_SEPARATORS;

/**
 * The first `most` characters of a text, with every IBAN in it masked as "FR14 **** 606", grouped or not.
 * Banks use account numbers in file names, and some debtors in references. An IBAN at the cut is masked as a
 * whole; the text after it is not read, however long it is.
 */
export function maskIbans(whole: string, most: number): string {
  const shown = cutText(whole, most);
  const text = whole.slice(0, shown.length + LONGEST_IBAN);
  let masked = '';
  let at = 0;
  for (const { index } of text.matchAll(/(?=[A-Za-z]{2}[\s._-]{0,2}\d[\s._-]{0,2}\d)/g)) {
    if (index >= shown.length) break;
    if (index < at) continue;
    const { chars } = countrySpecs[text.slice(index, index + 2).toUpperCase() as 'FR'] ?? {};
    const { iban, end } = ungrouped(text, index, chars ?? 0);
    if (!isValidIBAN(iban.toUpperCase())) continue;
    masked += `${text.slice(at, index)}${iban.slice(0, 4)} **** ${iban.slice(-3)}`;
    at = end;
  }
  return cutText(masked + shown.slice(at), most);
}

/** The next characters without separators, and where they end. */
function ungrouped(text: string, from: number, chars: number): { iban: string; end: number } {
  let [iban, end, separators] = ['', from, 0];
  for (; iban.length < chars && end < text.length && separators <= MOST_SEPARATORS; end += 1) {
    const character = text[end]!;
    const separates = SEPARATOR.test(character);
    separators = separates ? separators + 1 : 0;
    if (!separates) iban += character;
  }
  return { iban, end };
}

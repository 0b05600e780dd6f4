import type { Db } from '@crm/db';
import { readAmount } from './spreadsheet/read-cells.ts';

/** Conditions on the column `recherche`, which a trigger fills with `events.searchable`. */
type Searchable = { recherche: { contains: string } };
export type SearchCondition = { AND: Searchable[] };

/** Only what people write for an amount: a whole number may have spaces between thousands. */
const AMOUNT = /^\d[\d\s.,\u00a0\u202f]*(€|eur|euros)?$/i;

/**
 * The rows that contain every word of a text, the best first: those of which a number or name is the text, those that begin
 * with it, and all others. Accents, case, spaces and signs do not matter.
 *
 * @param find - reads at most `take` rows under a condition, newest first
 */
export async function findByText<Row extends { id: string; recherche: string }>(
  db: Pick<Db, '$queryRaw'>,
  texte: string,
  take: number,
  find: (condition: SearchCondition) => Promise<Row[]>,
): Promise<Row[]> {
  const words = await inSearch(db, texte);
  const whole = words.join('');
  if (!whole) return [];
  const found = await find({ AND: words.map(contains) });
  const best = [` ${whole} `, ` ${whole}`];
  const rank = ({ recherche }: Row) => {
    const place = best.findIndex((text) => recherche.includes(text));
    return place < 0 ? best.length : place;
  };
  // there may be more, and better ones among them
  const better =
    found.length < take ? [] : await Promise.all(best.map((text) => find({ AND: [contains(text)] })));
  const rows = distinct([...better.flat(), ...found], Infinity);
  return rows.sort((one, other) => rank(one) - rank(other)).slice(0, take);
}

const contains = (text: string): Searchable => ({ recherche: { contains: text } });

/** With its country, as people write it; it is stored without. */
const VAT_NUMBER = /^[a-z]{2}(\d{9,11})$/;

/**
 * The condition that a row contains every word of a text. A text of only signs is in no row.
 */
export async function containsText(db: Pick<Db, '$queryRaw'>, texte: string): Promise<SearchCondition> {
  const words = await inSearch(db, texte);
  return { AND: words.length > 0 ? words.map(contains) : [contains(NOWHERE)] };
}

/** Two spaces in a row are in no stored text. */
const NOWHERE = '  ';

/** The words as they are stored. */
async function inSearch(db: Pick<Db, '$queryRaw'>, texte: string): Promise<string[]> {
  const given = texte.split(/\s+/).filter(Boolean);
  const rows = await db.$queryRaw<{ word: string }[]>`
    SELECT "events"."searchable"(given.word) AS word
    FROM unnest(${given}::text[]) WITH ORDINALITY AS given(word, place) ORDER BY place`;
  const words = rows.map(({ word }) => word.trim()).filter(Boolean);
  const [, digits] = VAT_NUMBER.exec(words.join('')) ?? [];
  return digits ? [digits] : words;
}

/** The cents of a text that can only be an amount, or a number that may be one; else `undefined`. */
export function amountInText(texte: string): bigint | undefined {
  const text = texte.trim();
  if (!AMOUNT.test(text)) return undefined;
  const read = readAmount(text.replace(/\s*(€|eur|euros)$/i, ''));
  return 'value' in read && read.value > 0n ? read.value : undefined;
}

/** The rows of both, each once, the first ones first. */
export const distinct = <Row extends { id: string }>(rows: Row[], take: number): Row[] =>
  [...new Map(rows.map((row) => [row.id, row])).values()].slice(0, take);

/** A column that a file may have. */
export type Column<Key extends string = string> = {
  key: Key;
  /** Its usual headings; the first one is for messages. Accents, case, order of words and "N°" do not matter. */
  names: string[];
  /** What its cells must be, in French: the words of a fault. */
  attendu: string;
  /** A line in which such cells are all empty can be a total. */
  identifies?: boolean;
};

/** The columns of a file: by key, the place and the heading; and the headings that mean nothing to us. */
export type Matched<Key extends string> = {
  places: Map<Key, { index: number; name: string }>;
  ignored: string[];
  /** Headings that occur more than once. */
  twice: string[];
};

/** Words without a meaning of their own in headings. */
const FILLERS = new Set(['de', 'du', 'des', 'd', 'la', 'le', 'les', 'l', 'en', 'eur', 'euro', 'euros']);

/** The word "dû", also as `MONTANT DU`; elsewhere "du" means nothing. */
const DUE = /(?<!\p{L})(dûs?|du(?=[^\p{L}]*$|\s*\()|dus|dues?)(?!\p{L})/gu;

/** A heading by its words: "N° de Facture (€)" and "facture numero" are the same. */
export const headingKey = (heading: string): string =>
  heading
    .normalize('NFC')
    .toLowerCase()
    .replace(DUE, ' exigible ')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\bn\s*[°º]|\b(no|num|nro|nb)\b\.?/g, ' numero ')
    .replace(/\bref\b\.?/g, ' reference ')
    .replace(/\btel\b\.?/g, ' telephone ')
    .split(/[^a-z0-9]+/)
    .filter((word) => word && !FILLERS.has(word))
    .sort()
    .join(' ');

/**
 * Finds the columns of a file by its headings. If several headings mean the same column, the more usual one is taken.
 */
export function matchColumns<Key extends string>(headings: string[], columns: Column<Key>[]): Matched<Key> {
  const keys = headings.map(headingKey);
  const places: Matched<Key>['places'] = new Map();
  for (const { key, names } of columns) {
    const index = names.map((name) => keys.indexOf(headingKey(name))).find((place) => place >= 0);
    if (index !== undefined) places.set(key, { index, name: headings[index]! });
  }
  const taken = new Set([...places.values()].map(({ index }) => index));
  const twice = [...places.values()].filter(({ index }) => keys.lastIndexOf(keys[index]!) !== index);
  return {
    places,
    ignored: headings.filter((heading, index) => heading && !taken.has(index)),
    twice: twice.map(({ name }) => name),
  };
}

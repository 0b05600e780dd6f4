import { setImmediate as breathe } from 'node:timers/promises';
import { cutText, invalid } from '@crm/kit';
import {
  BilanImport,
  SortLigne,
  type FauteImport,
  type ImportRequest,
  type ImportResponse,
} from '@crm/proto/imports/imports';
import { LONGEST_TOLD, lineReader, type LineReader } from './line-reader.ts';
import { headingKey, type Column, type Matched } from './match-columns.ts';
import { monthFirst } from './read-cells.ts';
import { readTable, type Table, type TableLine } from './read-table.ts';

/** A line of a file on its way. */
export type ImportedLine<Key extends string, Value> = {
  line: TableLine;
  reader: LineReader<Key>;
  /** Undefined: there is nothing to import. */
  value: Value | undefined;
  sort: SortLigne;
  libelle: string;
  id: string;
  remarque: string;
};

/** What a kind of file is, and what is made of its lines. */
export type ImportRules<Key extends string, Value> = {
  columns: Column<Key>[];
  /** Groups of columns: of each at least one must be there. */
  needed: Key[][];
  /** What of the columns could be read in two ways, in French, as it concerns every line. */
  doubts?(columns: Matched<Key>): string[];
  /** What a line is about. */
  libelle(reader: LineReader<Key>): string;
  /**
   * Reads a line; its faults are recorded with the reader, and what of it could be read is still compared. Or there is
   * nothing to import, and why.
   */
  read(reader: LineReader<Key>): Value | { sansObjet: string };
  /** By what a line is recognised in the file, and the column of it. */
  identity(value: Value, reader: LineReader<Key>): { key: Key; text: string };
  /**
   * Compares lines with what exists: sets the `sort` of those that exist, with their `id`, and records faults. Asked
   * for some hundred lines at once, also for those that have faults already.
   */
  judge(lines: ImportedLine<Key, Value>[]): Promise<void>;
  /** Creates lines in one transaction, with `judge` in it: what somebody else has created meanwhile exists. */
  create(lines: ImportedLine<Key, Value>[]): Promise<void>;
};

/** The lines that are compared, or created, at once. */
const SOME = 200;

/**
 * Imports a file: reads all of it, tells every fault of every line, and, if asked, creates what is right, some lines in
 * a transaction at a time. A repeat creates only what is not there yet.
 * @throws {RpcError} as `readTable`; INVALID_ARGUMENT `contenu`: the rules have doubts about the columns
 */
export async function* importLines<Key extends string, Value>(
  { contenu, appliquer, saufFautives }: Pick<ImportRequest, 'contenu' | 'appliquer' | 'saufFautives'>,
  rules: ImportRules<Key, Value>,
  signal: AbortSignal,
): AsyncGenerator<ImportResponse> {
  const table = readTable(contenu, rules.columns, rules.needed);
  const doubts = rules.doubts?.(table) ?? [];
  if (doubts.length > 0) throw invalid('contenu', doubts.join(' ; '));
  const total = table.lines.length;
  yield { lignes: [], traitees: 0, total, remarques: table.remarks, bilan: undefined };
  const lines: ImportedLine<Key, Value>[] = [];
  for (const some of chunks(table.lines)) {
    lines.push(...some.map((line) => readLine(table, rules, line)));
    // other calls have their turn
    await breathe();
  }
  doubtDates(lines, table);
  markRepeats(lines, rules);
  for (const some of chunks(lines)) {
    signal.throwIfAborted();
    await rules.judge(some.filter(({ value, sort }) => value !== undefined && sort !== SortLigne.REPETEE));
    some.forEach(settleFaults);
    await breathe();
  }
  const bilan = BilanImport.fromPartial({});
  const isApplied = appliquer && (saufFautives || lines.every(({ sort }) => sort !== SortLigne.EN_FAUTE));
  let traitees = 0;
  for (const some of chunks(lines)) {
    signal.throwIfAborted();
    const asked = toCreate(some);
    if (isApplied && asked.length > 0) await rules.create(asked);
    some.forEach(settleFaults);
    for (const { sort } of some) bilan[COUNTS[sort]!] += 1;
    traitees += some.length;
    const isLast = traitees === total;
    yield { lignes: some.map(toMessage), traitees, total, remarques: [], bilan: isLast ? bilan : undefined };
  }
}

/**
 * Where one date of a file certainly has its month first, others may have it too, although they can be read: 03/04/2026
 * would be another day.
 */
function doubtDates<Key extends string, Value>(
  lines: ImportedLine<Key, Value>[],
  { places }: Pick<Table<Key>, 'places'>,
): void {
  const isAmerican = ({ reader }: ImportedLine<Key, Value>) =>
    reader.faults.find(({ valeur }) => monthFirst(valeur) === 'certainly');
  const american = lines.find(isAmerican);
  if (!american) return;
  const like = `« ${isAmerican(american)!.valeur} » (ligne ${american.line.row})`;
  const words = `le mois est peut-être avant le jour, comme dans ${like} : écrivez partout jj/mm/aaaa`;
  for (const { reader, value } of lines)
    for (const key of value === undefined ? [] : places.keys())
      if (monthFirst(reader.cell(key)) === 'perhaps') reader.fault(key, words);
}

const COUNTS: Partial<Record<SortLigne, keyof BilanImport>> = {
  [SortLigne.A_CREER]: 'aCreer',
  [SortLigne.CREEE]: 'creees',
  [SortLigne.EXISTANTE]: 'existantes',
  [SortLigne.REPETEE]: 'repetees',
  [SortLigne.SANS_OBJET]: 'sansObjet',
  [SortLigne.EN_FAUTE]: 'enFaute',
};

function readLine<Key extends string, Value>(
  table: Table<Key>,
  rules: ImportRules<Key, Value>,
  line: TableLine,
): ImportedLine<Key, Value> {
  const reader = lineReader(table, rules.columns, line);
  const one = { line, reader, value: undefined, id: '', libelle: rules.libelle(reader) };
  const none = (remarque: string) => ({ ...one, sort: SortLigne.SANS_OBJET, remarque });
  const ignored = reasonToIgnore(table, rules.columns, reader, line);
  if (ignored) return none(ignored);
  const surplus = line.cells.slice(table.width).filter(Boolean);
  const value = rules.read(reader);
  if (surplus.length > 0) {
    const message = 'plus de cellules que de titres : un séparateur de trop, ou un guillemet oublié';
    reader.faults.push({ colonne: '', valeur: cutText(surplus.join(' '), LONGEST_TOLD), message });
  }
  const swallowed = line.cells.find((cell) => hasSwallowed(table, cell));
  if (swallowed !== undefined) {
    const message = 'un guillemet de trop : la cellule va jusque dans la ligne suivante';
    reader.faults.push({ colonne: '', valeur: cutText(swallowed, LONGEST_TOLD), message });
  }
  if (reader.faults.length > 0) {
    const rest = isNothing(value) ? undefined : value;
    return { ...one, value: rest, sort: SortLigne.EN_FAUTE, remarque: '' };
  }
  if (isNothing(value)) return none(value.sansObjet);
  return { ...one, value, sort: SortLigne.A_CREER, remarque: reader.remarks.join(' ; ') };
}

/** Whether a cell has the next line in it, because of a quote that opens in one and closes in the other. */
const hasSwallowed = ({ separator, width }: Pick<Table<never>, 'separator' | 'width'>, cell: string) =>
  /[\r\n]/.test(cell) && width > 1 && cell.split(separator).length >= width;

const isNothing = (value: unknown): value is { sansObjet: string } =>
  typeof value === 'object' && value !== null && 'sansObjet' in value;

/** Words of a line of totals; a client can be called Total, but hardly "Total général". */
const TOTAL = /^(total|cumul|report|à reporter)\b/i;
const SURELY_TOTAL = /^(sous[- ]?total|totaux|total g[ée]n[ée]ral|grand total|total\s*:)/i;
/** What else a line of totals has. */
const FIGURES = /^[\d\s.,€%()+\-\u00a0\u202f]*$/;

/** Why a line is no entry: it is a total, or the headings once more. Empty: it is one. */
function reasonToIgnore<Key extends string>(
  { places, headings }: Table<Key>,
  columns: Column<Key>[],
  reader: LineReader<Key>,
  { cells }: TableLine,
): string {
  const isHeading = cells.every((cell, index) => headingKey(cell) === headingKey(headings[index] ?? ''));
  if (isHeading) return 'titres répétés';
  const identifying = columns.filter(({ identifies, key }) => identifies && places.has(key));
  const isSure = cells.some((cell) => SURELY_TOTAL.test(cell));
  const isWord = (cell: string) => TOTAL.test(cell) || SURELY_TOTAL.test(cell);
  const names = identifying
    .map(({ key }) => reader.cell(key))
    .filter((cell) => cell && !isWord(cell) && !(isSure && FIGURES.test(cell)));
  if (names.length > 0) return '';
  // an export can end with sums without a word
  const isTotal = cells.some(isWord) || (identifying.length > 0 && cells.every((cell) => FIGURES.test(cell)));
  return isTotal ? 'ligne de total' : '';
}

/** The same line again, or another one of the same identity. */
function markRepeats<Key extends string, Value>(
  lines: ImportedLine<Key, Value>[],
  rules: ImportRules<Key, Value>,
): void {
  const first = new Map<string, ImportedLine<Key, Value>>();
  for (const one of lines) {
    if (one.value === undefined) continue;
    const { key, text } = rules.identity(one.value, one.reader);
    if (!text) continue;
    const identity = `${key} ${text.toLowerCase()}`;
    const before = first.get(identity);
    if (!before) first.set(identity, one);
    else if (one.line.cells.join('\t') === before.line.cells.join('\t')) {
      one.sort = SortLigne.REPETEE;
      one.remarque = `comme la ligne ${before.line.row}`;
    } else {
      one.reader.fault(
        key,
        `la ligne ${before.line.row} a la même valeur et diffère ailleurs : gardez l’une des deux`,
      );
      one.sort = SortLigne.EN_FAUTE;
    }
  }
}

function* chunks<T>(all: T[]): Generator<T[]> {
  for (let at = 0; at < all.length; at += SOME) yield all.slice(at, at + SOME);
}

const toCreate = <Line extends { sort: SortLigne }>(lines: Line[]): Line[] =>
  lines.filter(({ sort }) => sort === SortLigne.A_CREER);

function settleFaults(one: { sort: SortLigne; id: string; reader: { faults: FauteImport[] } }): void {
  if (one.reader.faults.length > 0) Object.assign(one, { sort: SortLigne.EN_FAUTE, id: '' });
}

const toMessage = <Key extends string, Value>(one: ImportedLine<Key, Value>) => ({
  ligne: one.line.row,
  ligneTexte: one.line.textLine,
  sort: one.sort,
  libelle: one.libelle,
  id: one.id,
  fautes: one.reader.faults,
  remarque: one.remarque,
});

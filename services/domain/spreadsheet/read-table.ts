import { invalid } from '@crm/kit';
import { parse, type CsvError } from 'csv-parse/sync';
import { decodeText } from './decode-text.ts';
import { matchColumns, type Column, type Matched } from './match-columns.ts';

/** A line of a table. */
export type TableLine = {
  /** Its row in a spreadsheet. */
  row: number;
  /** The line of the text on which it begins. */
  textLine: number;
  /** Without spaces at the ends, and without the characters by which spreadsheets keep a text a text. */
  cells: string[];
};

/** A table with headings. */
export type Table<Key extends string> = Matched<Key> & {
  /** Lines with something in them. */
  lines: TableLine[];
  headings: string[];
  separator: string;
  /** How many columns the headings name; cells beyond them belong to nobody. */
  width: number;
  /** How it was read, in French. */
  remarks: string[];
};

const SEPARATORS: [separator: string, name: string][] = [
  [';', 'point-virgule'],
  ['\t', 'tabulation'],
  [',', 'virgule'],
  ['|', 'barre verticale'],
];
/** Titles and empty lines above the headings. */
const MOST_ABOVE = 20;
const MOST_LINES = 20_000;

/**
 * Reads a table out of a CSV file as spreadsheets and business software export it. Encoding, separator and the line of
 * the headings are found out: those by which most columns are recognised.
 * @param needed groups of columns: of each group at least one must be there
 * @throws {RpcError} INVALID_ARGUMENT `contenu`, in French: it is no such table; every missing column is named
 */
export function readTable<Key extends string>(
  bytes: Uint8Array,
  columns: Column<Key>[],
  needed: Key[][],
): Table<Key> {
  const { text: whole, encodage } = decodeText(bytes);
  const text = whole.replace(/^sep=.\r?\n/i, (line) => line.replace(/[^\r\n]/g, ''));
  const heads = SEPARATORS.flatMap(([separator, name]) =>
    records(text, separator, MOST_ABOVE).map((line) => ({
      separator,
      name,
      line,
      matched: matchColumns(line.cells, columns),
    })),
  );
  const head = heads.reduce(
    (best, one) => (one.matched.places.size > best.matched.places.size ? one : best),
    heads[0]!,
  );
  if (!head) throw invalid('contenu', 'le fichier est vide');
  const { places, twice, ignored } = head.matched;
  const nameOf = (key: Key) => `« ${columns.find((column) => column.key === key)!.names[0]} »`;
  const missing = needed.filter((group) => !group.some((key) => places.has(key)));
  const faults = [
    ...missing.map((group) => `il manque la colonne ${group.map(nameOf).join(' ou ')}`),
    ...twice.map((name) => `la colonne « ${name} » est là deux fois : renommez ou ôtez l’une d’elles`),
  ];
  if (missing.length > 0) {
    const seen = head.line.cells.filter(Boolean).join(', ').slice(0, 300);
    faults.push(`colonnes lues en ligne ${head.line.row} : ${seen || 'aucune'}`);
  }
  if (faults.length > 0) throw invalid('contenu', faults.join(' ; '));
  const lines = records(text, head.separator).filter(
    ({ row, cells }) => row > head.line.row && cells.some(Boolean),
  );
  if (lines.length > MOST_LINES) {
    throw invalid('contenu', `${lines.length} lignes, et ${MOST_LINES} au plus : partagez le fichier`);
  }
  if (lines.length === 0) throw invalid('contenu', 'il n’y a aucune ligne sous les titres');
  const unread = ignored.length > 0 ? [`colonnes non reprises : ${ignored.join(', ')}`] : [];
  const how = `${encodage}, séparateur ${head.name}, titres en ligne ${head.line.row}`;
  const headings = head.line.cells;
  const { separator } = head;
  return { ...head.matched, lines, headings, separator, width: headings.length, remarks: [how, ...unread] };
}

function records(text: string, delimiter: string, to?: number): TableLine[] {
  const read = () =>
    parse(text, {
      ...{ delimiter, info: true, relax_quotes: true, relax_column_count: true },
      ...(to && { to }),
    }) as unknown as { record: string[]; info: { lines: number } }[];
  try {
    let before = 0;
    return read().map(({ record, info }, index) => {
      const textLine = before + 1;
      before = info.lines;
      return { row: index + 1, textLine, cells: record.map(plainCell) };
    });
  } catch (error) {
    if ((error as CsvError).code !== 'CSV_QUOTE_NOT_CLOSED') throw error;
    const { bytes_records: readBytes, records: whole } = error as {
      bytes_records: number;
      records: number;
    };
    // for the headings, what is above; another separator may be the right one as well
    if (to) return whole ? records(text, delimiter, whole) : [];
    const line = Buffer.from(text)
      .subarray(0, readBytes)
      .toString()
      .split(/\r\n|\n|\r/).length;
    throw invalid('contenu', `un guillemet est ouvert ligne ${line} et n’est jamais refermé`);
  }
}

/** The text of a cell: `="00123"` and `'00123` keep spreadsheets from changing it. */
const plainCell = (cell: string): string =>
  cell
    .trim()
    .replace(/^="(.*)"$/s, '$1')
    .replace(/^'(?=[=+\-@\d])/, '')
    .trim();

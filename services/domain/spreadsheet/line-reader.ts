import type { FauteImport } from '@crm/proto/imports/imports';
import { cutText } from '@crm/kit';
import type { Column } from './match-columns.ts';
import type { Cell } from './read-cells.ts';
import type { Table, TableLine } from './read-table.ts';

/** The characters of a cell that are told again. */
export const LONGEST_TOLD = 100;

/** The cells of one line, and all that is wrong with them. */
export type LineReader<Key extends string> = {
  faults: FauteImport[];
  /** What is worth knowing of it, in French. */
  remarks: string[];
  /** Whether the file has the column. */
  has(key: Key): boolean;
  /** The cell as it is. Empty: nothing in it, or no such column. */
  cell(key: Key): string;
  /** The value of a cell with something in it. A fault is recorded, and the value is undefined. */
  read<T>(key: Key, reader: (cell: string) => Cell<T>): T | undefined;
  /** As `read`, and an empty cell is a fault. */
  need<T>(key: Key, reader: (cell: string) => Cell<T>): T | undefined;
  /** Records a fault in a cell. Without words: that it is not what the column must be. */
  fault(key: Key, message?: string): void;
};

export function lineReader<Key extends string>(
  { places }: Pick<Table<Key>, 'places'>,
  columns: Column<Key>[],
  { cells }: TableLine,
): LineReader<Key> {
  const faults: FauteImport[] = [];
  const cell = (key: Key): string => cells[places.get(key)?.index ?? -1] ?? '';
  const column = (key: Key) => columns.find((one) => one.key === key)!;
  const fault = (key: Key, message = `il faut ${column(key).attendu}`) => {
    const colonne = places.get(key)?.name ?? column(key).names[0]!;
    if (faults.some((one) => one.colonne === colonne)) return;
    faults.push({ colonne, valeur: cutText(cell(key), LONGEST_TOLD), message });
  };
  const read = <T>(key: Key, reader: (text: string) => Cell<T>): T | undefined => {
    if (!cell(key)) return undefined;
    const read = reader(cell(key));
    if ('value' in read) return read.value;
    fault(key, read.fault);
    return undefined;
  };
  return {
    ...{ faults, remarks: [], cell, fault, read },
    has: (key) => places.has(key),
    need(key, reader) {
      if (!cell(key)) fault(key, `vide : il faut ${column(key).attendu}`);
      return read(key, reader);
    },
  };
}

import { conflict } from './errors.ts';

/**
 * A violated unique index, as Prisma and its driver adapter report it: P2002, with the index or its columns.
 */
type UniqueViolation = Error & {
  code?: string;
  meta?: { driverAdapterError?: { cause?: Cause } } | undefined;
};
type Cause = { table?: string; constraint?: { index?: string; fields?: string[] } };

/**
 * Turns Prisma's P2002 into ALREADY_EXISTS, naming the fields in conflict: `code: there is one already`. The
 * organisation is not mentioned.
 * @param fields the message's names for the entity's columns
 */
export function explainConflict(model: string, fields: string[]): (error: UniqueViolation) => never {
  return (error) => {
    if (error.code !== 'P2002') throw error;
    const { table, constraint } = error.meta?.driverAdapterError?.cause ?? {};
    const columns = constraint?.fields?.map(unquote) ?? columnsOf(table, constraint?.index, fields) ?? [];
    const alike = columns.map((column) => fields.find((field) => toColumn(field) === column) ?? column);
    const telling = alike.length > 1 ? alike.filter((field) => field !== 'organisationId') : alike;
    throw conflict(`${telling.join(', ') || model}: there is one already`);
  };
}

/** The columns in Prisma's name of a unique index: `products_organisation_id_code_key`. */
function columnsOf(table = '', index = '', fields: string[]): string[] | undefined {
  const [start, end] = [`${table}_`, '_key'];
  if (!table || !index.startsWith(start) || !index.endsWith(end)) return undefined;
  return split(index.slice(start.length, -end.length), fields.map(toColumn));
}

/** Splits a name into columns, which contain underscores themselves. */
function split(name: string, columns: string[]): string[] | undefined {
  if (columns.includes(name)) return [name];
  for (const column of columns) {
    const rest = name.startsWith(`${column}_`) && split(name.slice(column.length + 1), columns);
    if (rest) return [column, ...rest];
  }
  return undefined;
}

const toColumn = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const unquote = (column: string): string => column.replaceAll('"', '');

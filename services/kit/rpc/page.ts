import { invalid } from './errors.ts';
import { isReference } from './reference.ts';

const DEFAULT_PAGE_SIZE = 50;
/** The most bytes of texts on a page: gRPC clients accept 4 MiB by default, and a page also has numbers and names. */
const MOST_BYTES = 3 * 1024 * 1024;

/** The paging fields of a list request. */
export type PageRequest = { pageSize: number; pageToken: string };

/**
 * Returns one page, newest first. Ids are UUIDv7, so their order is that of creation, and paging by id
 * neither repeats nor misses a row when others are written meanwhile. A page of long texts has fewer rows than asked for.
 * @param rowsAfter reads `take` rows after the one with the id `last`, or the first ones
 */
export async function page<Row extends { id: string }>(
  { pageSize, pageToken }: PageRequest,
  rowsAfter: (last: string | undefined, take: number) => Promise<Row[]>,
): Promise<{ rows: Row[]; nextPageToken: string }> {
  const size = pageSize || DEFAULT_PAGE_SIZE;
  const from = pageToken ? readPageToken(pageToken) : undefined;
  const rows = await rowsAfter(from, size + 1);
  const shown = rows.slice(0, Math.min(size, countThatFits(rows)));
  return { rows: shown, nextPageToken: rows.length > shown.length ? writePageToken(shown.at(-1)!.id) : '' };
}

/** How many of these rows, from the first, fit on one page by their bytes. At least one, so that paging goes on. */
export function countThatFits(rows: readonly unknown[]): number {
  let bytes = 0;
  const tooMany = rows.findIndex((row) => (bytes += textBytes(row)) > MOST_BYTES);
  return tooMany === -1 ? rows.length : Math.max(1, tooMany);
}

/** The bytes of all texts in a value. */
function textBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, part) => sum + textBytes(part), 0);
}

/** The token of the page that begins after an id. */
export const writePageToken = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws RpcError INVALID_ARGUMENT `pageToken` */
export function readPageToken(token: string): string {
  const id = Buffer.from(token, 'base64url').toString();
  if (!isReference(id)) throw invalid('pageToken', 'must be the next_page_token of an earlier answer');
  return id;
}

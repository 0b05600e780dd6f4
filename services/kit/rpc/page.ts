import { invalid } from './errors.ts';
import { isReference } from './reference.ts';

const DEFAULT_PAGE_SIZE = 50;

/** The paging fields of a list request. */
export type PageRequest = { pageSize: number; pageToken: string };

/**
 * Returns one page, newest first. Ids are UUIDv7, so their order is that of creation, and paging by id
 * neither repeats nor misses a row when others are written meanwhile.
 * @param rowsAfter reads `take` rows after the one with the id `last`, or the first ones
 */
export async function page<Row extends { id: string }>(
  { pageSize, pageToken }: PageRequest,
  rowsAfter: (last: string | undefined, take: number) => Promise<Row[]>,
): Promise<{ rows: Row[]; nextPageToken: string }> {
  const size = pageSize || DEFAULT_PAGE_SIZE;
  const from = pageToken ? readPageToken(pageToken) : undefined;
  const rows = await rowsAfter(from, size + 1);
  const last = rows.length > size ? rows[size - 1] : undefined;
  return { rows: rows.slice(0, size), nextPageToken: last ? writePageToken(last.id) : '' };
}

/** The token of the page that begins after an id. */
export const writePageToken = (id: string): string => Buffer.from(id).toString('base64url');

/** @throws RpcError INVALID_ARGUMENT `pageToken` */
export function readPageToken(token: string): string {
  const id = Buffer.from(token, 'base64url').toString();
  if (!isReference(id)) throw invalid('pageToken', 'must be the next_page_token of an earlier answer');
  return id;
}

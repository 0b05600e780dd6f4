import { everyPage, failedPrecondition } from '@crm/kit';

/** The most entries of one kind that an agenda reads. */
export const MOST = 10_000;

/**
 * Reads all pages of a list.
 * @param what the name of the entries, for the error
 * @throws {RpcError} FAILED_PRECONDITION if there are more than the limit
 */
export async function readAll<Row>(
  what: string,
  signal: AbortSignal,
  read: (page: { pageSize: number; pageToken: string }) => Promise<{ rows: Row[]; nextPageToken: string }>,
): Promise<Row[]> {
  const all: Row[] = [];
  const pages = everyPage((page) => {
    signal.throwIfAborted();
    return read(page);
  });
  for await (const { rows } of pages) {
    all.push(...rows);
    assertFew(what, all.length);
  }
  return all;
}

/** @throws {RpcError} FAILED_PRECONDITION if there are more than the limit */
export function assertFew(what: string, count: number): void {
  if (count <= MOST) return;
  const instead = 'ask for fewer days, or for a client';
  throw failedPrecondition('AGENDA', `there are more than ${MOST} ${what} to come in these days; ${instead}`);
}

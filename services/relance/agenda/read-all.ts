import { failedPrecondition } from '@crm/kit';

/** Of one kind an agenda looks at this many at most. */
export const MOST = 10_000;
/** As many as a list answers at once. */
export const PAGE = 200;

/**
 * Reads all pages of a list.
 * @param what they are, for the error
 * @throws {RpcError} FAILED_PRECONDITION where there are more than an agenda looks at
 */
export async function readAll<Row>(
  what: string,
  signal: AbortSignal,
  read: (page: { pageSize: number; pageToken: string }) => Promise<{ rows: Row[]; nextPageToken: string }>,
): Promise<Row[]> {
  const all: Row[] = [];
  for (let pageToken = ''; ;) {
    signal.throwIfAborted();
    const { rows, nextPageToken } = await read({ pageSize: PAGE, pageToken });
    all.push(...rows);
    assertFew(what, all.length);
    if (!nextPageToken) return all;
    pageToken = nextPageToken;
  }
}

/** @throws {RpcError} FAILED_PRECONDITION where they are more than an agenda looks at */
export function assertFew(what: string, count: number): void {
  if (count <= MOST) return;
  const instead = 'ask for fewer days, or for a client';
  throw failedPrecondition('AGENDA', `there are more than ${MOST} ${what} to come in these days; ${instead}`);
}

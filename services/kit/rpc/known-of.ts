import { LONGEST_PAGE } from './every-page.ts';

/**
 * Reads entities by ids from another service's list, a page per call, with the caller's own token. Unknown
 * ids are missing in the result.
 */
export async function knownOf<T extends { id: string }>(
  ids: string[],
  list: (page: { ids: string[]; pageSize: number }) => Promise<T[]>,
): Promise<Map<string, T>> {
  const distinct = [...new Set(ids)].filter((id) => id !== '');
  const known = new Map<string, T>();
  for (let at = 0; at < distinct.length; at += LONGEST_PAGE) {
    const found = await list({ ids: distinct.slice(at, at + LONGEST_PAGE), pageSize: LONGEST_PAGE });
    for (const one of found) known.set(one.id, one);
  }
  return known;
}

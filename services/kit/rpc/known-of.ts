import { LONGEST_PAGE } from './every-page.ts';

/**
 * Asks another service's list for ids, a page's worth in one call, with the caller's own token; what it does not know is
 * not there.
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

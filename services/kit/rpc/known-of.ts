import { everyPage, LONGEST_PAGE } from './every-page.ts';
import type { PageRequest } from './page.ts';

/**
 * Reads entities by ids from another service's list, with the caller's own token. Unknown ids are missing in the result.
 * @param list the call that returns a page of the entities with these ids
 * @param of the entities of a page
 */
export async function knownOf<T extends { id: string }, Page extends { nextPageToken: string }>(
  ids: string[],
  list: (page: PageRequest & { ids: string[] }) => Promise<Page>,
  of: (page: Page) => T[],
): Promise<Map<string, T>> {
  const distinct = [...new Set(ids)].filter((id) => id !== '');
  const known = new Map<string, T>();
  for (let at = 0; at < distinct.length; at += LONGEST_PAGE) {
    const part = distinct.slice(at, at + LONGEST_PAGE);
    for await (const page of everyPage((request) => list({ ...request, ids: part })))
      for (const one of of(page)) known.set(one.id, one);
  }
  return known;
}

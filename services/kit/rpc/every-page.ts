import type { PageRequest } from './page.ts';

/** As many as a list answers at once. */
export const LONGEST_PAGE = 200;

/**
 * The pages of a list, one after the other; each is asked for when the one before has been dealt with.
 * @param list the call that answers a page
 */
export async function* everyPage<Page extends { nextPageToken: string }>(
  list: (page: PageRequest) => Promise<Page>,
): AsyncGenerator<Page> {
  let pageToken = '';
  do {
    const page = await list({ pageSize: LONGEST_PAGE, pageToken });
    yield page;
    pageToken = page.nextPageToken;
  } while (pageToken);
}

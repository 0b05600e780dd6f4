import type { PageRequest } from './page.ts';

/** The largest page of a list. */
export const LONGEST_PAGE = 200;

/**
 * Yields the pages of a list. Each is requested when the one before has been processed.
 * @param list the call that returns a page
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

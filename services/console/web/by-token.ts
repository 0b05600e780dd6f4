/** How `useInfiniteQuery` goes on in a list of a service: with the token of the page before. */
export const BY_TOKEN = {
  pageParamKey: 'pageToken' as const,
  getNextPageParam: ({ nextPageToken }: { nextPageToken: string }) => nextPageToken || undefined,
};

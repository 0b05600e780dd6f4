/** How pages of a list follow each other. */
export const PAGING = {
  pageParamKey: 'pageToken',
  getNextPageParam: ({ nextPageToken }: { nextPageToken: string }) => nextPageToken || undefined,
} as const;

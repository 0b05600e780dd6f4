import { RpcError } from '@crm/kit';

/**
 * What moving follow-ups to other rules would change, of each in turn. Of a page of many, one that cannot be moved has
 * why as its `obstacle`.
 * @param isAlone it was asked for by its id: what refuses it is thrown
 * @param asItIs what comes of it now
 * @param moved what would come of it by the other rules
 */
export async function previewMoves<Row, Now extends object, Then extends object>(
  rows: Row[],
  isAlone: boolean,
  asItIs: (row: Row) => Promise<Now>,
  moved: (row: Row, now: Now) => Promise<Then>,
): Promise<(Now & (Then | { obstacle: string }))[]> {
  const previews: (Now & (Then | { obstacle: string }))[] = [];
  for (const row of rows) {
    const now = await asItIs(row);
    const then = await moved(row, now).catch((error: unknown) => {
      if (!(error instanceof RpcError) || isAlone) throw error;
      return { obstacle: error.message };
    });
    previews.push({ ...now, ...then });
  }
  return previews;
}

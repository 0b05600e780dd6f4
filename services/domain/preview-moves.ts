import { RpcError } from '@crm/kit';

/**
 * Computes for several follow-ups what a move to other rules would change. One that cannot be moved gets the
 * reason as its `obstacle`.
 * @param isAlone a single follow-up was requested by its id: a refusal is thrown instead
 * @param asItIs computes what is planned now
 * @param moved computes what would be planned by the other rules
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

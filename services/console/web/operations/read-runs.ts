import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Transport } from '@connectrpc/connect';
import { callUnaryMethod } from '@connectrpc/connect-query';
import { OpsService, type Cause, type FiltreRunsSchema } from '../../gen/proto/ops/ops_pb.ts';
import type { Selection } from '../ui/selection.ts';

const PAGE_SIZE = 500;

/** The runs of a cause; of failures without a kept reason all that are like it. */
export const filterOf = ({
  type,
  handler,
  etat,
  cause,
}: Cause): MessageInitShape<typeof FiltreRunsSchema> => ({
  type,
  handler,
  etat,
  cause,
});

/** What tells a cause from the others. */
export const keyOf = ({ type, handler, etat, cause }: Cause): string =>
  [type, handler, etat, cause].join('|');

/**
 * The ids of what is chosen among the runs of a cause. They are read once, before somebody decides: what fails meanwhile is
 * not among them.
 */
export async function readChosen(
  transport: Transport,
  cause: Cause,
  { all, ids }: Selection,
  signal: AbortSignal,
): Promise<string[]> {
  if (!all) return [...ids];
  const chosen: string[] = [];
  let pageToken = '';
  do {
    const request = { filtre: filterOf(cause), pageSize: PAGE_SIZE, pageToken };
    const page = await callUnaryMethod(transport, OpsService.method.listRuns, request, { signal });
    for (const { workflowId } of page.runs) if (!ids.has(workflowId)) chosen.push(workflowId);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return chosen;
}

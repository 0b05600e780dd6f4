import { invalid } from '@crm/kit';
import type { ListRunsRequest, ListRunsResponse, Run } from '@crm/proto/ops/ops';
import { failedRuns, MOST_RUNS, type FailedRun } from './failed-runs.ts';
import type { NamesOf } from './names-of.ts';
import type { Temporal } from './temporal.ts';

const DEFAULT_PAGE_SIZE = 100;

/** Lists the open runs with failed or late handlers, with the names and numbers by which people know them. */
export const listRuns =
  (temporal: Temporal, namesOf: NamesOf, temporalUi: (run: FailedRun) => string) =>
  async ({ filtre, pageSize, pageToken }: ListRunsRequest): Promise<ListRunsResponse> => {
    const size = pageSize || DEFAULT_PAGE_SIZE;
    const after = pageToken ? readToken(pageToken) : undefined;
    const found = await temporal(async ({ workflow }) => {
      const runs: FailedRun[] = [];
      let read = 0;
      for await (const run of failedRuns(workflow, filtre, after?.startedAt)) {
        if (++read > MOST_RUNS) break;
        if (after && isBefore(run, after)) continue;
        runs.push(run);
        if (runs.length > size) break;
      }
      return runs;
    });
    const shown = found.slice(0, size);
    const last = shown.at(-1);
    const names = await namesOf(shown);
    return {
      runs: shown.map((run): Run => {
        const { workflowId, runId, type, startedAt, clientId } = run;
        return {
          ...{ workflowId, runId, type, commenceAt: startedAt, clientId, url: temporalUi(run) },
          ...names(run),
          handlers: run.handlers.map(({ handler, etat, reason, since, isStranded }) => ({
            ...{ handler, etat, raison: reason, depuis: since, oublie: isStranded },
          })),
        };
      }),
      nextPageToken: found.length > size && last ? writeToken(last) : '',
    };
  };

type Place = { startedAt: Date; runId: string };

/** Whether a run comes before this place in the list, or is at it: the newest first, and those of an instant by their id. */
const isBefore = ({ startedAt, runId }: Place, place: Place): boolean =>
  startedAt > place.startedAt || (startedAt.getTime() === place.startedAt.getTime() && runId <= place.runId);

const writeToken = ({ startedAt, runId }: Place): string =>
  Buffer.from(`${startedAt.toISOString()} ${runId}`).toString('base64url');

function readToken(token: string): Place {
  const [at = '', runId = ''] = Buffer.from(token, 'base64url').toString().split(' ');
  const startedAt = new Date(at);
  if (Number.isNaN(startedAt.getTime()) || !runId)
    throw invalid('pageToken', 'must be the next_page_token of an earlier answer');
  return { startedAt, runId };
}

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import { readFileSync, statSync } from 'node:fs';
import { PlainError } from '../plain-error.ts';
import type { HistoryJson } from './history-json.ts';
import type { Named } from './replay-histories.ts';

/** The history of a run, or of the last run of the workflow. */
export async function fetchHistory(client: Client, workflowId: string, runId?: string): Promise<Named> {
  try {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return { name: workflowId, workflowId, history: JSON.parse(historyToJSON(history)) as HistoryJson };
  } catch (error) {
    if (!isUnknown(error)) throw error;
    const { namespace } = client.options;
    const run = runId ? `, run ${runId}` : '';
    throw new PlainError(
      `There is no workflow ${workflowId}${run} in the namespace ${namespace} (TEMPORAL_NAMESPACE), or its retention is over.`,
    );
  }
}

/** Whether the server says that an id does not exist: NOT_FOUND or INVALID_ARGUMENT. */
const isUnknown = (error: unknown): boolean =>
  error instanceof WorkflowNotFoundError || [3, 5].includes((error as { code?: number }).code ?? 0);

export type Which = { type?: string | undefined; limit?: number | undefined };

/** The open workflows of the namespace with their histories, longest open first if the server can sort. */
export async function* openHistories(
  client: Client,
  { type, limit = Infinity }: Which,
): AsyncGenerator<Named> {
  let left = limit;
  if (left <= 0) return;
  for await (const { workflowId, runId } of client.workflow.list({ query: openQuery(type) })) {
    try {
      yield await fetchHistory(client, workflowId, runId);
    } catch (error) {
      // closed and deleted since it was listed
      if (!(error instanceof PlainError)) throw error;
    }
    if (--left <= 0) return;
  }
}

export const countOpen = async (client: Client, { type, limit = Infinity }: Which): Promise<number> =>
  Math.min(limit, (await client.workflow.count(openQuery(type))).count);

const openQuery = (type?: string): string =>
  [`ExecutionStatus = 'Running'`, ...(type ? [`WorkflowType = '${type.replaceAll("'", "''")}'`] : [])].join(
    ' AND ',
  );

/**
 * Reads a downloaded history: `temporal workflow show --output json`, or from the UI.
 * @throws {PlainError} naming the file and the fault; an invalid history would make the worker hang
 */
export function readHistoryFile(path: string): Named {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new PlainError(`There is no file ${path}.`);
  let history: unknown;
  try {
    history = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new PlainError(`${path} is no JSON: ${(error as Error).message}`);
  }
  const fault = faultOf(history);
  if (fault) throw new PlainError(`${path} is no workflow history: ${fault}.`);
  return { name: path, history: history as HistoryJson };
}

type Unknown = {
  events?: ({ eventType?: string; workflowExecutionStartedEventAttributes?: Started } | null)[];
} | null;
type Started = { workflowType?: { name?: string } };
const { EventType } = proto.temporal.api.enums.v1; // CommonJS: only the default export has it

function faultOf(history: unknown): string | undefined {
  const events = (history as Unknown)?.events;
  const started = Array.isArray(events) ? events[0]?.workflowExecutionStartedEventAttributes : undefined;
  if (!started) return 'its first event starts no workflow';
  if (!started.workflowType?.name) return 'its first event names no workflow type';
  for (const [at, event] of events!.entries()) {
    const type = event?.eventType ?? 'no type';
    if (!(type in EventType)) return `event ${at + 1} is of a type that is not known here, ${type}`;
  }
  try {
    historyFromJSON(history);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}

import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { readHistory, type Case, type HistoryJson } from './history-files.ts';

/**
 * Replays histories against a bundle.
 * @param workflowType has a case replayed by another workflow than its own
 * @returns for each case what would break, naming workflow, case and first differing event; undefined when nothing
 */
export async function replayHistories(
  workflowBundle: WorkflowBundleOption,
  cases: Case[],
  workflowType: (name: Case) => string = workflowOf,
): Promise<Map<Case, string | undefined>> {
  const histories = cases.map((name) => {
    const json = readHistory(name);
    startedBy(json).workflowType = { name: workflowType(name) };
    return { workflowId: startedBy(json).workflowId, history: historyFromJSON(json) };
  });
  const outcomes = new Map<Case, string | undefined>();
  const replays = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId, runId, error } of replays) {
    const at = histories.findIndex(
      ({ workflowId: id, history }, i) =>
        id === workflowId && firstRunId(history) === runId && !outcomes.has(cases[i]!),
    );
    const name = cases[at];
    if (!name) throw new Error(`replayed ${workflowId}, which is none of the histories`);
    outcomes.set(name, error && `${workflowOf(name)} breaks on ${name} (${workflowId}): ${error.message}`);
  }
  return outcomes;
}

/** The workflow type of a case is its folder. */
export const workflowOf = (name: Case): string => name.split('/')[0]!;

type Started = { workflowId: string; workflowType: { name: string } };
const startedBy = ({ events }: HistoryJson) => events[0]!.workflowExecutionStartedEventAttributes as Started;
const firstRunId = ({ events }: ReturnType<typeof historyFromJSON>) =>
  events?.[0]?.workflowExecutionStartedEventAttributes?.originalExecutionRunId;

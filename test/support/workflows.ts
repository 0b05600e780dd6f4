import type { Client as TemporalClient, WorkflowExecutionDescription } from '@temporalio/client';
import { until } from './until.ts';

/** A workflow once it has come to a state: COMPLETED, RUNNING, … */
export function workflowIn(
  temporal: TemporalClient,
  workflowId: string,
  state: string,
): Promise<WorkflowExecutionDescription> {
  return until(`workflow ${workflowId} ${state}`, async () => {
    const description = await temporal.workflow.getHandle(workflowId).describe();
    if (description.status.name !== state) throw new Error(description.status.name);
    return description;
  });
}

/** What an event's workflow says of its handlers, once it has ended. */
export async function outcomesOf(
  temporal: TemporalClient,
  workflowId: string,
): Promise<Record<string, { done?: string; skipped?: string }>> {
  await workflowIn(temporal, workflowId, 'COMPLETED');
  return (await temporal.workflow.getHandle(workflowId).result()) as Record<string, { done?: string }>;
}

/** How many runs a workflow id has had. */
export async function countRuns(temporal: TemporalClient, workflowId: string): Promise<number> {
  return (await temporal.workflow.count(`WorkflowId = '${workflowId}'`)).count;
}

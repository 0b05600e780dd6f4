import {
  WorkflowNotFoundError,
  type Client as TemporalClient,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { until } from './until.ts';

/** Waits until a workflow is in a state: COMPLETED, RUNNING, … */
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

/** The outcomes of an event's handlers, once its workflow has ended. */
export async function outcomesOf(
  temporal: TemporalClient,
  workflowId: string,
): Promise<Record<string, { done?: string; skipped?: string }>> {
  await workflowIn(temporal, workflowId, 'COMPLETED');
  return (await temporal.workflow.getHandle(workflowId).result()) as Record<string, { done?: string }>;
}

/** The number of runs of a workflow id. */
export async function countRuns(temporal: TemporalClient, workflowId: string): Promise<number> {
  return (await temporal.workflow.count(`WorkflowId = '${workflowId}'`)).count;
}

/** Makes Temporal forget a workflow, running or closed, as if its retention were over. */
export async function forget(temporal: TemporalClient, workflowId: string): Promise<void> {
  const { workflowService } = temporal;
  await workflowService.deleteWorkflowExecution({
    namespace: temporal.options.namespace,
    workflowExecution: { workflowId },
  });
  await until(`${workflowId} to be forgotten`, async () => {
    try {
      return void (await temporal.workflow.getHandle(workflowId).describe());
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return true;
      throw error;
    }
  });
}

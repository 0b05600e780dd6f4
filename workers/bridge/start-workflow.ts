import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  type Client,
} from '@temporalio/client';
import { events, workflowTypeOf, type EventType } from '@crm/workflows/events';
import type { CommonFields } from '@crm/workflows/event-table';
import { searchAttributes } from '@crm/workflows/search-attributes';
import { EVENTS_QUEUE } from '@crm/workflows/task-queues';

/**
 * Starts the workflow of an event under the event's id. One that is there already, running or closed, is success.
 * @param eager have this process's own worker take the first task with the answer; needs its NativeConnection
 * @returns whether it was this call that started it
 */
export async function startWorkflow(
  temporal: Client,
  eventType: EventType,
  event: CommonFields,
  eager: boolean,
): Promise<boolean> {
  const { message, summary } = events[eventType];
  try {
    await temporal.workflow.start(workflowTypeOf(eventType), {
      workflowId: event.eventId,
      taskQueue: EVENTS_QUEUE,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.FAIL,
      requestEagerStart: eager,
      args: [message.toJSON(event as never)],
      typedSearchAttributes: searchAttributes(eventType, event),
      staticSummary: summary(event as never),
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

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
 * Starts the workflow of an event, under the event's id. If it exists already, running or closed, that is
 * success.
 * @param eager this process's own worker gets the first task with the answer; requires its NativeConnection
 * @returns whether this call has started it
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

import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { RetrySchedule } from '@crm/proto/retry/retry';
import { startOfRetries } from '@crm/workflows/follow-up-starts';
import { retryWorkflowId } from '@crm/workflows/ids';
import { paymentRejectedSignal, type paymentRetry } from '@crm/workflows/payment-retry';
import { startOptions } from '@crm/workflows/start-options';

/**
 * Runs the retries of a payment: starts the workflow, or tells a running one to read its schedule again.
 * Whether there is anything to do depends on the schedule, not on the workflow id: a schedule that continues
 * after new bank details, or after the return of a collected attempt, may need a second run.
 * @param schedule a running one
 * @param numero the number of the payment's invoice, if any: for people
 * @returns the workflow id
 */
export async function startPaymentRetry(
  temporal: Client,
  schedule: RetrySchedule,
  event: { correlationId: string },
  numero = '',
): Promise<string> {
  const start = startOfRetries(schedule, { correlationId: event.correlationId, numero });
  await temporal.workflow.signalWithStart<typeof paymentRetry>(start.workflowType, {
    ...startOptions(start),
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    signal: paymentRejectedSignal,
  });
  return start.workflowId;
}

/** Tells the retries of a payment that it was rejected again. Returns whether any are running. */
export async function paymentIsRejected(temporal: Client, paymentId: string): Promise<boolean> {
  try {
    await temporal.workflow.getHandle(retryWorkflowId(paymentId)).signal(paymentRejectedSignal);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

import {
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { RetrySchedule } from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import { paymentRejectedSignal, type paymentRetry } from '@crm/workflows/payment-retry';
import { searchAttributes } from '@crm/workflows/search-attributes';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

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
  const { id: scheduleId, paymentId, clientId, invoiceId, organisationId } = schedule;
  const { correlationId } = event;
  const ids = { paymentId, clientId, invoiceId, organisationId, correlationId };
  const workflowId = retryWorkflowId(paymentId);
  await temporal.workflow.signalWithStart<typeof paymentRetry>('paymentRetry', {
    workflowId,
    taskQueue: FOLLOW_UPS_QUEUE,
    priority: { fairnessKey: organisationId },
    workflowIdReusePolicy: WorkflowIdReusePolicy.ALLOW_DUPLICATE,
    workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
    args: [{ scheduleId, ...ids, ...(numero && { numero }) }],
    signal: paymentRejectedSignal,
    typedSearchAttributes: searchAttributes('payment.rejected', ids),
    staticSummary: `Nouvelles présentations du paiement ${paymentId}${numero && ` (facture ${numero})`}, rejeté (${schedule.motifRejet})`,
  });
  return workflowId;
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

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
 * Has the retries of a payment run: starts them, or tells those that run to read their schedule again. The schedule,
 * not the workflow id, says whether there is anything to do: one that has ended is not live, and one that goes on
 * after new bank details, or after a collected attempt was returned, may need a second run.
 * @param schedule a live one
 * @param numero of the payment's invoice, where it has one: for people
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

/** Tells the retries of a payment that it was rejected again; answers whether there are any that run. */
export async function paymentIsRejected(temporal: Client, paymentId: string): Promise<boolean> {
  try {
    await temporal.workflow.getHandle(retryWorkflowId(paymentId)).signal(paymentRejectedSignal);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

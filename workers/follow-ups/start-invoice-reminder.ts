import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { Invoice } from '@crm/proto/factures/factures';
import { relanceWorkflowId } from '@crm/workflows/ids';
import {
  invoiceCreatedSignal,
  paymentReceivedSignal,
  paymentRejectedSignal,
  type Adoption,
  type invoiceReminder,
} from '@crm/workflows/invoice-reminder';
import { searchAttributes } from '@crm/workflows/search-attributes';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

const SIGNALS = {
  'invoice.created': invoiceCreatedSignal,
  'payment.received': paymentReceivedSignal,
  'payment.rejected': paymentRejectedSignal,
};

/**
 * Tells the reminder workflow of an invoice about an event, and starts it if there is none. A workflow that
 * has ended is only started again for a rejected payment; it then reads whether something is due again.
 * @param event `adoption` for an invoice from before Suivi, which has no event
 * @returns its workflow id, and whether it had ended
 */
export async function tellInvoiceReminder(
  temporal: Client,
  eventType: keyof typeof SIGNALS,
  { id: invoiceId, numero, organisationId, clientId }: Invoice,
  { correlationId, adoption }: { correlationId: string; adoption?: Adoption },
): Promise<{ workflowId: string; hasEnded: boolean }> {
  const workflowId = relanceWorkflowId(invoiceId);
  const { ALLOW_DUPLICATE, REJECT_DUPLICATE } = WorkflowIdReusePolicy;
  try {
    await temporal.workflow.signalWithStart<typeof invoiceReminder>('invoiceReminder', {
      workflowId,
      taskQueue: FOLLOW_UPS_QUEUE,
      priority: { fairnessKey: organisationId },
      workflowIdReusePolicy: eventType === 'payment.rejected' ? ALLOW_DUPLICATE : REJECT_DUPLICATE,
      args: [{ invoiceId, numero, clientId, organisationId, correlationId, ...(adoption && { adoption }) }],
      signal: SIGNALS[eventType],
      typedSearchAttributes: searchAttributes(eventType, {
        organisationId,
        clientId,
        invoiceId,
        correlationId,
      }),
      staticSummary: `Relances de la facture ${numero}${adoption ? `, reprise par ${adoption.who}` : ''}`,
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { workflowId, hasEnded: true };
  }
  return { workflowId, hasEnded: false };
}

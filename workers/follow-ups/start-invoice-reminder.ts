import { WorkflowExecutionAlreadyStartedError, WorkflowIdReusePolicy, type Client } from '@temporalio/client';
import type { Invoice } from '@crm/proto/factures/factures';
import { startOfReminders } from '@crm/workflows/follow-up-starts';
import {
  invoiceCreatedSignal,
  paymentReceivedSignal,
  paymentRejectedSignal,
  type Adoption,
  type invoiceReminder,
} from '@crm/workflows/invoice-reminder';
import { startOptions } from '@crm/workflows/start-options';

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
  invoice: Invoice,
  { correlationId, adoption }: { correlationId: string; adoption?: Adoption },
): Promise<{ workflowId: string; hasEnded: boolean }> {
  const start = startOfReminders(invoice, { correlationId, eventType, ...(adoption && { adoption }) });
  const { workflowId, workflowType } = start;
  const { ALLOW_DUPLICATE, REJECT_DUPLICATE } = WorkflowIdReusePolicy;
  try {
    await temporal.workflow.signalWithStart<typeof invoiceReminder>(workflowType, {
      ...startOptions(start),
      workflowIdReusePolicy: eventType === 'payment.rejected' ? ALLOW_DUPLICATE : REJECT_DUPLICATE,
      signal: SIGNALS[eventType],
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return { workflowId, hasEnded: true };
  }
  return { workflowId, hasEnded: false };
}

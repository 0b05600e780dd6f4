import { relanceWorkflowId, retryWorkflowId, suiviWorkflowId } from './ids.ts';
import type { FirstFollowUpInput } from './first-follow-up.ts';
import type { Adoption, InvoiceReminderInput } from './invoice-reminder.ts';
import type { PaymentRetryInput } from './payment-retry.ts';
import type { Told } from './retry-state.ts';

/**
 * How to start a follow-up. Said here once, for everybody who starts one: the handlers of events, commands whose
 * run is missing, and operators.
 */
export type FollowUpStart<Input extends object = object> = {
  workflowType: 'invoiceReminder' | 'paymentRetry' | 'firstFollowUp';
  workflowId: string;
  input: Input;
  /** The event that usually starts it, and the ids for the search attributes. */
  eventType: string;
  ids: { organisationId: string };
  summary: string;
};

type Correlated = { correlationId: string };

/**
 * The reminders of an invoice.
 * @param adoption for an invoice from before Suivi
 */
export function startOfReminders(
  {
    id: invoiceId,
    numero,
    clientId,
    organisationId,
  }: Record<'id' | 'numero' | 'clientId' | 'organisationId', string>,
  {
    correlationId,
    adoption,
    eventType = 'invoice.created',
  }: Correlated & { adoption?: Adoption; eventType?: string },
): FollowUpStart<InvoiceReminderInput> {
  const ids = { invoiceId, clientId, organisationId, correlationId };
  return {
    ...{ workflowType: 'invoiceReminder', workflowId: relanceWorkflowId(invoiceId), eventType, ids },
    input: { ...ids, numero, ...(adoption && { adoption }) },
    summary: `Relances de la facture ${numero}${adoption ? `, reprise par ${adoption.who}` : ''}`,
  };
}

/** A row of the retry service, as it is stored or sent. */
type Schedule = Record<
  'id' | 'paymentId' | 'clientId' | 'invoiceId' | 'organisationId' | 'motifRejet',
  string
>;

/**
 * The retries of a payment.
 * @param numero the number of its invoice; empty: there is none, or it is unknown
 * @param told what the client was told before, if the retries continue after their end
 */
export function startOfRetries(
  { id: scheduleId, paymentId, clientId, invoiceId, organisationId, motifRejet }: Schedule,
  { correlationId, numero = '', told }: Correlated & { numero?: string | undefined; told?: Told },
): FollowUpStart<PaymentRetryInput> {
  const ids = { paymentId, clientId, invoiceId, organisationId, correlationId };
  return {
    ...{
      workflowType: 'paymentRetry',
      workflowId: retryWorkflowId(paymentId),
      eventType: 'payment.rejected',
      ids,
    },
    input: { scheduleId, ...ids, ...(numero && { numero }), ...(told && { told }) },
    summary: `Nouvelles présentations du paiement ${paymentId}${numero && ` (facture ${numero})`}, rejeté (${motifRejet})`,
  };
}

/** The first follow-up of a client. */
export function startOfFirstFollowUp(input: FirstFollowUpInput): FollowUpStart<FirstFollowUpInput> {
  const { clientId, organisationId, correlationId, datePrevue, enMots } = input;
  const ids = { clientId, organisationId, correlationId };
  return {
    ...{
      workflowType: 'firstFollowUp',
      workflowId: suiviWorkflowId(clientId),
      eventType: 'client.created',
      ids,
    },
    input,
    summary: `Premier suivi du client ${clientId}, prévu ${enMots?.datePrevue ?? `le ${datePrevue}`}`,
  };
}

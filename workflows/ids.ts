/*
 * The workflow ids of follow-ups. What a follow-up has done once only, its mails, tasks and recorded commands, has keys
 * that begin with them.
 */

/** The reminders of an invoice. */
export const relanceWorkflowId = (invoiceId: string): string => `relance/${invoiceId}`;
/** The retries of a payment. */
export const retryWorkflowId = (paymentId: string): string => `retry/${paymentId}`;
/** The first follow-up of a client. */
export const suiviWorkflowId = (clientId: string): string => `suivi/${clientId}`;

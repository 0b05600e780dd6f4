/* The workflow ids of follow-ups. Idempotency keys of what they do once (mails, tasks, recorded commands) begin with them. */

/** The reminders of an invoice. */
export const relanceWorkflowId = (invoiceId: string): string => `relance/${invoiceId}`;
/** The retries of a payment. */
export const retryWorkflowId = (paymentId: string): string => `retry/${paymentId}`;
/** The first follow-up of a client. */
export const suiviWorkflowId = (clientId: string): string => `suivi/${clientId}`;

import { eventWorkflow } from './event-workflow.ts';

/** The workflows by the names that the server knows: one for each event, and the follow-ups. */
export const clientCreated = eventWorkflow('client.created');
export const invoiceCreated = eventWorkflow('invoice.created');
export const paymentReceived = eventWorkflow('payment.received');
export const paymentRejected = eventWorkflow('payment.rejected');
export const contractSigned = eventWorkflow('contract.signed');
export { firstFollowUp } from './first-follow-up.ts';
export { invoiceReminder } from './invoice-reminder.ts';
export { judgeHolds } from './judge-holds.ts';
export { paymentRetry } from './payment-retry.ts';
export { prenotifyDebits } from './prenotify-debits.ts';
export { purgeExpired } from './purge-expired.ts';

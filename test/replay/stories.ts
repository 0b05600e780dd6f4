import type { Story } from './stage.ts';
import { BY_SCHEDULE_STORIES } from './stories/by-schedule.ts';
import { CLIENT_CREATED_STORIES } from './stories/client-created.ts';
import { CONTRACT_SIGNED_STORIES } from './stories/contract-signed.ts';
import { FIRST_FOLLOW_UP_STORIES } from './stories/first-follow-up.ts';
import { INVOICE_CREATED_STORIES } from './stories/invoice-created.ts';
import { INVOICE_REMINDER_STORIES } from './stories/invoice-reminder.ts';
import { PAYMENT_RECEIVED_STORIES } from './stories/payment-received.ts';
import { PAYMENT_REJECTED_STORIES } from './stories/payment-rejected.ts';
import { PAYMENT_RETRY_STORIES } from './stories/payment-retry.ts';

/** Every story, by the workflow that it is about; adding a path to a workflow adds one there. Played one after the other. */
export const STORIES: Story[] = [
  ...CLIENT_CREATED_STORIES,
  ...INVOICE_CREATED_STORIES,
  ...PAYMENT_RECEIVED_STORIES,
  ...PAYMENT_REJECTED_STORIES,
  ...CONTRACT_SIGNED_STORIES,
  ...FIRST_FOLLOW_UP_STORIES,
  ...INVOICE_REMINDER_STORIES,
  ...PAYMENT_RETRY_STORIES,
  ...BY_SCHEDULE_STORIES,
];

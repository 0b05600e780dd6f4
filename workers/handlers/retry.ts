import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events have presented to the bank again. */
export const retryHandlers = (_: Services) => ({}) satisfies Partial<Handlers>;

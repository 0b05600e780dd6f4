import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events have planned to be paid. */
export const paymentsHandlers = (_: Services) => ({}) satisfies Partial<Handlers>;

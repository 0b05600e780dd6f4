import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events have kept. */
export const documentsHandlers = (_: Services) => ({}) satisfies Partial<Handlers>;

import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events have apporteurs earn. */
export const commissionHandlers = (_: Services) => ({}) satisfies Partial<Handlers>;

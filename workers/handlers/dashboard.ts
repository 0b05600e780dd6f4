import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';

/** What events add to the figures. */
export const dashboardHandlers = ({ dashboard }: Services) =>
  ({
    async countNewClient({ organisationId, clientId, createdAt }, { metadata, deadlineMs }) {
      const { jour } = await dashboard.enregistrerNouveauClient(
        { organisationId, clientId, createdAt },
        { metadata, deadlineMs },
      );
      return { done: jour };
    },
  }) satisfies Partial<Handlers>;

import type { Client } from '@temporalio/client';
import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { startFirstFollowUp } from '../follow-ups/start-first-follow-up.ts';

/** The follow-ups that events start. */
export const relanceHandlers = ({ suivis }: Services, temporal: Client) =>
  ({
    async startFirstFollowUp(event, { metadata, deadlineMs }) {
      const { organisationId, clientId, createdAt } = event;
      const suivi = await suivis.create(
        { organisationId, clientId, depuis: createdAt },
        { metadata, deadlineMs },
      );
      return { done: await startFirstFollowUp(temporal, suivi, event) };
    },
  }) satisfies Partial<Handlers>;

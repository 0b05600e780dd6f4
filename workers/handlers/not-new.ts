import type { ClientCreatedEvent } from '@crm/proto/events/client_events';
import type { Outcome } from '@crm/workflows/handler-activities';

const NOT_NEW: Outcome = { skipped: 'client d’avant Suivi : il n’est pas nouveau' };

/** The outcome for a client who was imported: nothing is done for it that is done for new ones. */
export const notNew = ({ sansBienvenue }: Pick<ClientCreatedEvent, 'sansBienvenue'>): Outcome | undefined =>
  sansBienvenue ? NOT_NEW : undefined;

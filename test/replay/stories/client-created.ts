import { randomUUID } from 'node:crypto';
import { PERSON, type Stage, type Story } from '../stage.ts';
import { failedEventStories, retriedEventStory } from './troubled-events.ts';

/** The event of a client that no service knows. */
async function unknownClient(stage: Stage) {
  const { publishEvent, failed } = stage;
  const clientId = randomUUID();
  const { telephone: _, ...person } = PERSON;
  const client = {
    ...{ clientId, organisationId: 'org-1', ...person, raisonSociale: '', email: '' },
    createdAt: new Date(),
    sansBienvenue: false,
  };
  const eventId = await publishEvent('client.created', client);
  await failed(eventId, 'notifications');
  const becomesKnown = async () =>
    stage.rename('clients.clients', (await stage.createClient()).clientId, clientId);
  return { eventId, becomesKnown };
}

export const CLIENT_CREATED_STORIES: Story[] = [
  {
    cases: ['clientCreated/all-done'],
    async play({ createClient, completed }, keep) {
      const { eventId } = await createClient();
      await completed(eventId);
      await keep('clientCreated/all-done', eventId);
    },
  },
  {
    cases: ['clientCreated/skipped-email'],
    async play({ createClient, completed }, keep) {
      const { eventId } = await createClient({ email: '' });
      await completed(eventId);
      await keep('clientCreated/skipped-email', eventId);
    },
  },
  retriedEventStory(
    'clientCreated',
    'mail',
    async (stage) => async () => (await stage.createClient()).eventId,
  ),
  ...failedEventStories('clientCreated', unknownClient),
  {
    // failed handlers are in the memo, with their reasons
    cases: ['clientCreated/described', 'clientCreated/described-and-redriven'],
    async play(stage, keep) {
      const { eventId, becomesKnown } = await unknownClient(stage);
      await keep('clientCreated/described', eventId);
      await becomesKnown();
      await stage.redrive(eventId);
      await stage.completed(eventId);
      await keep('clientCreated/described-and-redriven', eventId);
    },
  },
];

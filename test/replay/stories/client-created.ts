import { randomUUID } from 'node:crypto';
import { PERSON, type Stage, type Story } from '../stage.ts';

/** The event of a client that no service knows. */
async function unknownClient({ publishEvent, failed }: Stage) {
  const clientId = randomUUID();
  const { telephone: _, ...person } = PERSON;
  const client = { clientId, organisationId: 'org-1', ...person, email: '', createdAt: new Date() };
  const eventId = await publishEvent('client.created', client);
  await failed(eventId, 'notifications');
  return { clientId, eventId };
}

export const CLIENT_CREATED_STORIES: Story[] = [
  {
    cases: ['clientCreated/all-done', 'firstFollowUp/waiting'],
    async play({ createClient, completed, sleeps }, keep) {
      const { eventId, suiviId } = await createClient();
      await completed(eventId);
      await keep('clientCreated/all-done', eventId);
      await sleeps(suiviId, 1);
      await keep('firstFollowUp/waiting', suiviId);
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
  {
    cases: ['clientCreated/retrying', 'clientCreated/retried'],
    async play({ stack, createClient, completed, retries }, keep) {
      await stack.platform.stop('mail');
      const { eventId } = await createClient();
      await retries(eventId);
      await keep('clientCreated/retrying', eventId);
      await stack.platform.start('mail');
      await completed(eventId);
      await keep('clientCreated/retried', eventId);
    },
  },
  {
    cases: ['clientCreated/failed-open', 'clientCreated/skipped-by-operator'],
    async play(stage, keep) {
      const { eventId } = await unknownClient(stage);
      await keep('clientCreated/failed-open', eventId);
      await stage.skip(eventId);
      await stage.completed(eventId);
      await keep('clientCreated/skipped-by-operator', eventId);
    },
  },
  {
    cases: ['clientCreated/redriven'],
    async play(stage, keep) {
      const { clientId, eventId } = await unknownClient(stage);
      const known = await stage.createClient();
      await stage.rename('clients.clients', known.clientId, clientId);
      await stage.redrive(eventId);
      await stage.completed(eventId);
      await keep('clientCreated/redriven', eventId);
    },
  },
];

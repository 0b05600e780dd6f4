import { eventIdOf } from '@crm/kit';
import { publish } from '@crm/nats';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ClientCreatedEvent } from '@crm/proto/events/client_events';
import { RegleSuiviServiceService } from '@crm/proto/relance/relance';
import { redrive, skip } from '@crm/workflows/event-workflow';
import { subjectOf } from '@crm/workflows/events';
import { FailedHandlers } from '@crm/workflows/search-attributes';
import { randomUUID } from 'node:crypto';
import type { OwnStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { workflowIn } from '../support/workflows.ts';
import type { Case } from './history-files.ts';
import { PAYMENT_RETRY_STORIES } from './payment-retry-stories.ts';

/** The client of every story. Histories are scrubbed of it, and searched for it. */
export const PERSON = { nom: 'Martinet', prenom: 'Camille', email: 'camille.martinet@example.org' };

/** Fetches the history of a workflow as it is now. */
export type Keep = (name: Case, workflowId: string) => Promise<void>;

/** Something that happens on a platform, and the paths that workflows take in it. */
export type Story = { cases: Case[]; play: (stage: Stage, keep: Keep) => Promise<void> };

export type Stage = Awaited<ReturnType<typeof prepareStage>>;

/** What the stories are told with. */
export async function prepareStage(stack: OwnStack) {
  const temporal = await stack.temporal();
  const clients = stack.client('clients', ClientBaseServiceService);
  const regles = stack.client('relance', RegleSuiviServiceService);
  const taches = stack.client('activites', TacheServiceService);
  return {
    ...{ stack, temporal, clients, regles, taches },
    /** Creates a client of an organisation with a rule of its own for follow-ups; none: after seven days. */
    async createClient({ email = PERSON.email, delai = '', delaiRappel = '' } = {}) {
      const organisationId = `org-${randomUUID()}`;
      if (delai) await regles.create({ organisationId, delai, delaiRappel });
      const client = await clients.create({ ...PERSON, email, organisationId, gestionnaireId: 'u-1' });
      return { ...client, eventId: eventIdOf('client.created', [client.id]), suiviId: `suivi/${client.id}` };
    },
    /** Publishes the event of a client that no service knows. */
    async publishUnknownClient() {
      const [clientId, eventId] = [randomUUID(), randomUUID()];
      const { email: _, ...fields } = PERSON;
      const common = { eventId, correlationId: randomUUID(), timestamp: new Date(), createdAt: new Date() };
      const event = ClientCreatedEvent.fromPartial({
        ...common,
        ...fields,
        clientId,
        organisationId: 'org-1',
      });
      const payload = ClientCreatedEvent.encode(event).finish();
      await publish(await stack.nats(), subjectOf('client.created'), eventId, payload);
      await until('the refusal', async () => {
        const { typedSearchAttributes } = await temporal.workflow.getHandle(eventId).describe();
        return typedSearchAttributes.get(FailedHandlers)?.includes('notifications');
      });
      return { clientId, eventId };
    },
    completed: (workflowId: string) => workflowIn(temporal, workflowId, 'COMPLETED'),
    /** Waits until the follow-up sleeps for the `nth` time. */
    sleeps: (workflowId: string, nth: number) =>
      until(`timer ${nth} of ${workflowId}`, async () => {
        const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
        return (
          (events ?? []).filter(({ timerStartedEventAttributes }) => timerStartedEventAttributes).length ===
          nth
        );
      }),
    /** Waits until the server has tried an activity of the workflow again. */
    retries: (workflowId: string) =>
      until(`a retry in ${workflowId}`, async () => {
        const { raw } = await temporal.workflow.getHandle(workflowId).describe();
        return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1);
      }),
  };
}

const WORD = { who: 'operateur-1', why: 'le client existe à présent' };

/** Every story; adding a path to a workflow adds one here. Played one after the other. */
export const STORIES: Story[] = [
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
    async play({ temporal, publishUnknownClient, completed }, keep) {
      const { eventId } = await publishUnknownClient();
      await keep('clientCreated/failed-open', eventId);
      await temporal.workflow.getHandle(eventId).signal(skip, WORD);
      await completed(eventId);
      await keep('clientCreated/skipped-by-operator', eventId);
    },
  },
  {
    cases: ['clientCreated/redriven'],
    async play({ stack, temporal, createClient, publishUnknownClient, completed }, keep) {
      const { clientId, eventId } = await publishUnknownClient();
      const { id } = await createClient();
      await stack.sql('UPDATE clients.clients SET id = $1 WHERE id = $2', clientId, id);
      await temporal.workflow.getHandle(eventId).signal(redrive, WORD);
      await completed(eventId);
      await keep('clientCreated/redriven', eventId);
    },
  },
  {
    cases: ['firstFollowUp/waiting-to-remind', 'firstFollowUp/task-and-reminder'],
    async play({ createClient, completed, sleeps }, keep) {
      const { suiviId } = await createClient({ delai: 'PT2S', delaiRappel: 'PT4S' });
      await sleeps(suiviId, 2);
      await keep('firstFollowUp/waiting-to-remind', suiviId);
      await completed(suiviId);
      await keep('firstFollowUp/task-and-reminder', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/waiting-to-remind-read-once', 'firstFollowUp/task-and-reminder-read-once'],
    async play({ createClient, completed, sleeps }, keep) {
      const { suiviId } = await createClient({ delai: 'PT2S', delaiRappel: 'PT4S' });
      await sleeps(suiviId, 2);
      await keep('firstFollowUp/waiting-to-remind-read-once', suiviId);
      await completed(suiviId);
      await keep('firstFollowUp/task-and-reminder-read-once', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/client-gone-read-once'],
    async play({ clients, createClient, completed, sleeps }, keep) {
      const { id, suiviId } = await createClient({ delai: 'PT5S', delaiRappel: 'PT1S' });
      await sleeps(suiviId, 1);
      await clients.delete({ id });
      await completed(suiviId);
      await keep('firstFollowUp/client-gone-read-once', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/failed-open', 'firstFollowUp/redriven'],
    async play({ stack, temporal, createClient, completed, sleeps }, keep) {
      const { id, suiviId } = await createClient({ delai: 'PT5S', delaiRappel: 'PT1S' });
      await sleeps(suiviId, 1);
      const row = (change: string) =>
        stack.sql(`UPDATE relance.suivis SET id = ${change} WHERE client_id = $1`, id);
      await row(`'not-' || id`);
      await until('the refusal', async () => {
        const { typedSearchAttributes } = await temporal.workflow.getHandle(suiviId).describe();
        return typedSearchAttributes.get(FailedHandlers)?.includes('relance');
      });
      await keep('firstFollowUp/failed-open', suiviId);
      await row(`substr(id, 5)`);
      await temporal.workflow.getHandle(suiviId).signal(redrive, WORD);
      await completed(suiviId);
      await keep('firstFollowUp/redriven', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/task-done'],
    async play({ createClient, completed, sleeps, taches }, keep) {
      const { id, suiviId } = await createClient({ delai: 'PT1S', delaiRappel: 'PT5S' });
      await sleeps(suiviId, 2);
      const [tache] = (await taches.listByClient({ clientId: id })).taches;
      await taches.marquerTerminee({ id: tache!.id });
      await completed(suiviId);
      await keep('firstFollowUp/task-done', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/client-gone'],
    async play({ clients, createClient, completed, sleeps }, keep) {
      const { id, suiviId } = await createClient({ delai: 'PT5S', delaiRappel: 'PT1S' });
      await sleeps(suiviId, 1);
      await clients.delete({ id });
      await completed(suiviId);
      await keep('firstFollowUp/client-gone', suiviId);
    },
  },
  {
    cases: ['firstFollowUp/instants-passed'],
    async play({ createClient, completed }, keep) {
      const { suiviId } = await createClient({ delai: 'PT0S', delaiRappel: 'PT0S' });
      await completed(suiviId);
      await keep('firstFollowUp/instants-passed', suiviId);
    },
  },
  {
    cases: ['purgeExpired/by-schedule'],
    async play({ temporal, completed }, keep) {
      const schedule = temporal.schedule.getHandle('purge-expired');
      await until('the schedule', () => schedule.trigger().then(() => true));
      const workflowId = await until('its run', async () => {
        const [action] = (await schedule.describe()).info.recentActions;
        return action?.action.type === 'startWorkflow' && action.action.workflow.workflowId;
      });
      await completed(workflowId);
      await keep('purgeExpired/by-schedule', workflowId);
    },
  },
  ...PAYMENT_RETRY_STORIES,
];

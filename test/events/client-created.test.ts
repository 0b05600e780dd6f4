import { eventIdOf } from '@crm/kit';
import { TacheServiceService } from '@crm/proto/activites/activites';
import {
  ClientBaseServiceService,
  CreateClientRequest,
  ListClientsResponse,
  type Client,
} from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { EmailServiceService } from '@crm/proto/email/email';
import { ClientCreatedEvent } from '@crm/proto/events/client_events';
import { HealthCheckResponse, HealthCheckResponse_ServingStatus } from '@crm/proto/grpc/health/v1/health';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { RegleSuiviServiceService, SuiviServiceService } from '@crm/proto/relance/relance';
import { ClientId, CorrelationId, EventType, OrganisationId } from '@crm/workflows/search-attributes';
import { status } from '@grpc/grpc-js';
import { bearer, rawCall } from '../support/raw-call.ts';
import { sharedStack } from '../support/stack.ts';
import { storedEvent } from '../support/stream.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { outcomesOf, workflowIn } from '../support/workflows.ts';

const SUBJECT = 'crm.events.client.created';
const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const kpis = stack.client('dashboard', DashboardKpisServiceService);
const emails = stack.client('email', EmailServiceService);
const notifications = stack.client('notifications', NotificationServiceService);
const suivis = stack.client('relance', SuiviServiceService);
const regles = stack.client('relance', RegleSuiviServiceService);
const taches = stack.client('activites', TacheServiceService);

afterAll(() => stack.close());

const eventOf = ({ id }: Client) => eventIdOf('client.created', [id]);

test('List without a token is refused, with one it answers', async () => {
  const list = '/clients.ClientBaseService/List';
  const without = await rawCall(stack.address('clients'), list);
  expect(status[without.code]).toBe('UNAUTHENTICATED');
  expect(without.messages).toEqual([]);
  const { id } = await clients.create({ nom: 'Listée', organisationId: unique('org') });
  const headers = bearer(await stack.token());
  const withOne = await rawCall(stack.address('clients'), list, { headers });
  expect(status[withOne.code]).toBe('OK');
  const page = ListClientsResponse.decode(withOne.messages[0]!);
  expect(page.clients.map((client) => client.id)).toContain(id);
});

test('health is SERVING without a token', async () => {
  const { code, messages } = await rawCall(stack.address('clients'), '/grpc.health.v1.Health/Check');
  expect(status[code]).toBe('OK');
  expect(HealthCheckResponse.decode(messages[0]!).status).toBe(HealthCheckResponse_ServingStatus.SERVING);
});

describe('a client whom nobody manages and who has no e-mail address', () => {
  const before = Date.now();
  let client: Client;
  beforeAll(async () => {
    const request = CreateClientRequest.fromJSON({ nom: 'Test', prenom: 'User', organisationId: 'org-123' });
    client = await clients.create(request, { metadata: { 'correlation-id': 'correlation-of-the-test' } });
  });

  test('is answered with what the server made up', () => {
    expect(client).toMatchObject({ nom: 'Test', prenom: 'User', organisationId: 'org-123', email: '' });
    expect(client.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-/);
    expect(client.type).toBe('PARTICULIER');
    expect(client.createdAt!.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(client.createdAt!.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test('is told of on the stream, in the committed protobuf', async () => {
    const message = await storedEvent(await stack.nats(), SUBJECT, eventOf(client));
    const event = ClientCreatedEvent.decode(message.data);
    expect(event).toEqual({
      eventId: message.header('Nats-Msg-Id'),
      timestamp: expect.any(Date) as Date,
      correlationId: 'correlation-of-the-test',
      clientId: client.id,
      organisationId: 'org-123',
      nom: 'Test',
      prenom: 'User',
      raisonSociale: '',
      sansBienvenue: false,
      email: '',
      createdAt: client.createdAt,
    });
    expect(message.header('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  test('has a workflow under the id of the event, with words and search attributes', async () => {
    const workflow = await workflowIn(await stack.temporal(), eventOf(client), 'COMPLETED');
    expect(workflow.type).toBe('clientCreated');
    expect(await workflow.staticSummary()).toBe(`Nouveau client ${client.id}`);
    const attributes = workflow.typedSearchAttributes;
    expect(attributes.get(EventType)).toBe('client.created');
    expect(attributes.get(ClientId)).toBe(client.id);
    expect(attributes.get(OrganisationId)).toBe('org-123');
    expect(attributes.get(CorrelationId)).toBe('correlation-of-the-test');
  });

  test('has no mail and no notification, and the workflow says why', async () => {
    expect(await outcomesOf(await stack.temporal(), eventOf(client))).toMatchObject({
      email: { skipped: 'le client n’a pas d’adresse e-mail' },
      notifications: { skipped: 'le client n’a pas de gestionnaire' },
      dashboard: { done: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string },
      relance: { done: `suivi/${client.id}` },
    });
    expect((await emails.getEmails({ clientId: client.id })).emails).toEqual([]);
  });
});

describe('a client with an e-mail address and an account manager', () => {
  const organisationId = unique('org');
  const gestionnaireId = unique('gestionnaire');
  const email = uniqueAddress();
  let client: Client;
  beforeAll(async () => {
    client = await clients.create({
      organisationId,
      gestionnaireId,
      email,
      nom: 'Lefèvre & <Fils>',
      prenom: 'Zoé',
    });
    await workflowIn(await stack.temporal(), eventOf(client), 'COMPLETED');
  }, 90_000);

  test('has one mail in the inbox, in French, as HTML and as text', async () => {
    const mails = await stack.mailsTo(email);
    expect(mails).toHaveLength(1);
    const [mail] = mails;
    expect(mail!.subject).toBe('Bienvenue chez Suivi');
    expect(mail!.html).toContain('<html');
    expect(mail!.html).toContain('Bonjour Zoé,');
    expect(mail!.text).toContain('au nom suivant\u00a0: Zoé Lefèvre & <Fils>.');
    expect(mail!.text).not.toContain('<html');
  });

  test('has the mail on record, under its Message-ID', async () => {
    const { emails: recorded } = await emails.getEmails({ clientId: client.id });
    expect(recorded).toHaveLength(1);
    const [record] = recorded;
    expect(record).toMatchObject({ organisationId, destinataire: email, statut: 'ENVOYE', tentatives: 1 });
    const [mail] = await stack.mailsTo(email);
    expect(mail!.headers['message-id']).toBe(`<${record!.messageId}>`);
    const outcomes = await outcomesOf(await stack.temporal(), eventOf(client));
    expect(outcomes.email).toEqual({ done: record!.id });
  });

  test('is told to the account manager, once', async () => {
    const told = await notifications.getNotificationsByUser({ utilisateurId: gestionnaireId });
    expect(told.nonLues).toBe(1);
    expect(told.notifications).toHaveLength(1);
    expect(told.notifications[0]).toMatchObject({
      organisationId,
      reference: client.id,
      type: 'client.created',
      message: 'Vous suivez désormais ce client\u00a0: Zoé Lefèvre & <Fils>.',
      lue: false,
    });
  });

  test('is counted once', async () => {
    expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(1n);
    expect((await kpis.getKpis({ organisationId, au: '2020-01-01' })).nouveauxClients).toBe(0n);
  });

  test('has a follow-up that waits for its day', async () => {
    const { suivis: planned } = await suivis.list({ clientId: client.id });
    expect(planned).toHaveLength(1);
    expect(planned[0]).toMatchObject({ organisationId, statut: 'PLANIFIE', tacheId: '' });
    const inDays = (planned[0]!.datePrevue!.getTime() - client.createdAt!.getTime()) / (24 * 3600 * 1000);
    expect(Math.round(inDays)).toBe(7);
    const workflow = await workflowIn(await stack.temporal(), `suivi/${client.id}`, 'RUNNING');
    expect(workflow.type).toBe('firstFollowUp');
    expect(await workflow.staticSummary()).toContain(`Premier suivi du client ${client.id}, prévu le `);
    expect(workflow.typedSearchAttributes.get(ClientId)).toBe(client.id);
  });
});

describe('the first follow-up by a rule of seconds', () => {
  const organisationId = unique('org');
  const gestionnaireId = unique('gestionnaire');
  const followUp = async (done: boolean) => {
    const client = await clients.create({ organisationId, gestionnaireId, nom: done ? 'Faite' : 'Ouverte' });
    const tache = await until('the task', async () => {
      return (await taches.listByClient({ clientId: client.id })).taches[0];
    });
    if (done) await taches.marquerTerminee({ id: tache.id });
    await workflowIn(await stack.temporal(), `suivi/${client.id}`, 'COMPLETED');
    const [suivi] = (await suivis.list({ clientId: client.id })).suivis;
    const all = await notifications.getNotificationsByUser({ utilisateurId: gestionnaireId });
    const reminders = all.notifications.filter(({ reference }) => reference === tache.id);
    return { client, tache, suivi: suivi!, reminders };
  };
  beforeAll(() => regles.create({ organisationId, delai: 'PT1S', delaiRappel: 'PT3S' }));

  test('creates a task, and reminds of one that stays open', async () => {
    const { client, tache, suivi, reminders } = await followUp(false);
    expect(tache).toMatchObject({
      organisationId,
      titre: 'Prendre contact avec Ouverte',
      assigneA: gestionnaireId,
      statut: 'A_FAIRE',
    });
    expect(tache.echeance).toEqual(suivi.dateRappel);
    expect(suivi).toMatchObject({ statut: 'TERMINE', tacheId: tache.id, motif: 'gestionnaire rappelé' });
    expect(suivi.datePrevue!.getTime()).toBe(client.createdAt!.getTime() + 1_000);
    expect(reminders).toHaveLength(1);
    expect(reminders[0]).toMatchObject({ type: 'suivi.rappel', message: tache.titre });
    expect((await taches.listByClient({ clientId: client.id })).taches).toHaveLength(1);
  }, 90_000);

  test('does not remind of a task that is done', async () => {
    const { suivi, reminders } = await followUp(true);
    expect(suivi).toMatchObject({ statut: 'TERMINE', motif: 'tâche terminée' });
    expect(reminders).toEqual([]);
  }, 90_000);
});

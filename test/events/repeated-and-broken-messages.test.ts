import { eventIdOf } from '@crm/kit';
import { publish } from '@crm/nats';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { ClientCreatedEvent } from '@crm/proto/events/client_events';
import { randomUUID } from 'node:crypto';
import { sharedStack } from '../support/stack.ts';
import { bridgePassed, storedEvent } from '../support/stream.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { countRuns, workflowIn } from '../support/workflows.ts';

const SUBJECT = 'crm.events.client.created';
const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const kpis = stack.client('dashboard', DashboardKpisServiceService);

afterAll(() => stack.close());

/** Creates a client and waits for everything that follows at once. */
async function follow() {
  const organisationId = unique('org');
  const email = uniqueAddress();
  const { id } = await clients.create({ organisationId, email, nom: 'Suivie' });
  const eventId = eventIdOf('client.created', [id]);
  const { runId } = await workflowIn(await stack.temporal(), eventId, 'COMPLETED');
  return { organisationId, email, eventId, runId };
}

test('an event published once more by hand: one workflow, one mail, counted once', async () => {
  const { organisationId, email, eventId, runId } = await follow();
  const nats = await stack.nats();
  const { data } = await storedEvent(nats, SUBJECT, eventId);
  // another Nats-Msg-Id: the stream takes it as a new message
  const again = await publish(nats, SUBJECT, randomUUID(), data);
  expect(again.duplicate).toBe(false);
  await bridgePassed(nats, again.sequence);
  const temporal = await stack.temporal();
  const latest = await workflowIn(temporal, eventId, 'COMPLETED');
  expect(latest.runId).toBe(runId);
  expect(await countRuns(temporal, eventId)).toBe(1);
  expect(await stack.mailsTo(email)).toHaveLength(1);
  expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(1n);
  expect(await deadLetters(again.sequence)).toEqual([]);
}, 90_000);

test('an event under the same Nats-Msg-Id is dropped by the stream', async () => {
  const { eventId } = await follow();
  const nats = await stack.nats();
  const { data, sequence } = await storedEvent(nats, SUBJECT, eventId);
  expect(await publish(nats, SUBJECT, eventId, data)).toEqual({ sequence, duplicate: true });
}, 90_000);

const event = (changes: Partial<ClientCreatedEvent>) =>
  ClientCreatedEvent.encode(
    ClientCreatedEvent.fromPartial({
      eventId: randomUUID(),
      timestamp: new Date(),
      correlationId: randomUUID(),
      clientId: randomUUID(),
      organisationId: 'org',
      nom: 'Broken',
      createdAt: new Date(),
      ...changes,
    }),
  ).finish();

test.each([
  ['garbage', SUBJECT, Buffer.from('ffff00ff', 'hex'), /not a events\.ClientCreatedEvent in protobuf$/],
  ['no bytes', SUBJECT, Buffer.alloc(0), /^eventId: /],
  ['an unknown subject', 'crm.events.foo.bar', event({}), /^no event has the subject crm\.events\.foo\.bar$/],
  ['an event without an id', SUBJECT, event({ eventId: '' }), /^eventId: /],
  ['an event without a time', SUBJECT, event({ timestamp: undefined }), /^timestamp: value is required$/],
  ['an event with an id in capitals', SUBJECT, event({ eventId: randomUUID().toUpperCase() }), /^eventId: /],
  [
    'an event about nothing that has an id',
    SUBJECT,
    event({ clientId: 'x'.repeat(3000) }),
    /^clientId: must be/,
  ],
  [
    'an event with an id that no header carries',
    SUBJECT,
    event({ correlationId: 'é' }),
    /^correlationId: must be/,
  ],
  [
    'an event out of time',
    SUBJECT,
    event({ createdAt: new Date(8.64e15) }),
    /^(createdAt: |not a |.* not a )/,
  ],
  ['an event of 70 KB', SUBJECT, event({ nom: 'x'.repeat(70_000) }), /^70\d\d\d bytes, events have 65536/],
])(
  '%s: a dead letter with its reason, and the stream goes on',
  async (_, subject, payload, reason) => {
    const nats = await stack.nats();
    const id = randomUUID();
    const { sequence } = await publish(nats, subject, id, payload);
    const [letter] = await until('the dead letter', async () => {
      const letters = await deadLetters(sequence);
      return letters.length > 0 && letters;
    });
    expect(letter).toMatchObject({ subject, headers: { 'Nats-Msg-Id': [id] } });
    expect(letter!.reason).toMatch(reason);
    expect(Buffer.compare(letter!.payload, payload)).toBe(0);
    await bridgePassed(nats, sequence); // given up, and not delivered for ever
    await follow();
    expect(await deadLetters(sequence)).toHaveLength(1);
  },
  90_000,
);

type Letter = { subject: string; payload: Buffer; headers: Record<string, string[]>; reason: string };

const deadLetters = (sequence: number) =>
  stack.sql<Letter>('SELECT * FROM events.dead_letters WHERE stream_sequence = $1', sequence);

test('an outbox row that cannot be published steps aside', async () => {
  const eventId = randomUUID();
  await stack.sql(
    `INSERT INTO events.outbox (event_id, event_type, payload, created_at) VALUES ($1, 'no such', '', '2020-01-01')`,
    eventId,
  );
  await follow();
  const [row] = await until('the row’s turn', async () => {
    const rows = await stack.sql<{ published_at: Date | null; retry_at: Date | null }>(
      'SELECT published_at, retry_at FROM events.outbox WHERE event_id = $1 AND retry_at IS NOT NULL',
      eventId,
    );
    return rows.length ? rows : undefined;
  });
  expect(row).toMatchObject({ published_at: null });
  await stack.sql('DELETE FROM events.outbox WHERE event_id = $1', eventId);
});

import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { RegleSuiviServiceService } from '@crm/proto/relance/relance';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const DAY_MS = 24 * 3600 * 1000;
const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const bob = stack.client('clients', ClientBaseServiceService, 'bob');
const kpis = stack.client('dashboard', DashboardKpisServiceService, 'service:test');
const regles = stack.client('relance', RegleSuiviServiceService);

afterAll(() => stack.close());

const keyed = (key: string) => ({ metadata: { 'idempotency-key': key }, deadlineMs: 20_000 });

async function clientsOf(organisationId: string) {
  const rows = await stack.sql<{ id: string }>(
    'SELECT id FROM clients.clients WHERE organisation_id = $1',
    organisationId,
  );
  return rows.map(({ id }) => id);
}

/** The number of an organisation's events. */
const eventsOf = async (organisationId: string) =>
  (await stack.sql('SELECT 1 FROM events.outbox WHERE position($1::bytea IN payload) > 0', organisationId))
    .length;

describe('a caller’s idempotency-key', () => {
  test('20 concurrent repeats create one client and get one answer', async () => {
    const organisationId = unique('org');
    const key = randomUUID();
    const request = { organisationId, nom: 'Une seule', prenom: 'Fois' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => clients.create(request, keyed(key))));
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(await clients.create(request, keyed(key))).toEqual(answers[0]);
    expect(await clientsOf(organisationId)).toEqual([answers[0]!.id]);
    expect(await eventsOf(organisationId)).toBe(1);
  }, 60_000);

  test('is answered with the first result even after the client has changed', async () => {
    const key = randomUUID();
    const request = { organisationId: unique('org'), nom: 'Avant' };
    const first = await clients.create(request, keyed(key));
    await clients.update({ id: first.id, nom: 'Après' });
    expect(await clients.create(request, keyed(key))).toEqual(first);
  });

  test('with another body is refused', async () => {
    const organisationId = unique('org');
    const key = randomUUID();
    const { id } = await clients.create({ organisationId, nom: 'Première' }, keyed(key));
    const refusal = await refusalOf(clients.create({ organisationId, nom: 'Seconde' }, keyed(key)));
    expect(refusal.code).toBe('ALREADY_EXISTS');
    expect(refusal.message).toContain(key);
    expect(await clientsOf(organisationId)).toEqual([id]);
  });

  test('of another caller is another key', async () => {
    const organisationId = unique('org');
    const key = randomUUID();
    const mine = await clients.create({ organisationId, nom: 'Même' }, keyed(key));
    const theirs = await bob.create({ organisationId, nom: 'Même' }, keyed(key));
    expect((await clientsOf(organisationId)).sort()).toEqual([mine.id, theirs.id].sort());
  });

  test('can be used after an attempt that was invalid', async () => {
    const organisationId = unique('org');
    const key = randomUUID();
    expect((await refusalOf(clients.create({ organisationId, nom: '' }, keyed(key)))).code).toBe(
      'INVALID_ARGUMENT',
    );
    const { id } = await clients.create({ organisationId, nom: 'Valide' }, keyed(key));
    expect(await clientsOf(organisationId)).toEqual([id]);
  });

  test('can be used after an attempt whose transaction was rolled back', async () => {
    const organisationId = unique('org');
    const key = randomUUID();
    const other = await regles.create({ organisationId, delai: 'P1D' });
    const request = { organisationId, delai: 'P2D' };
    expect((await refusalOf(regles.create(request, keyed(key)))).code).toBe('ALREADY_EXISTS');
    await stack.sql('DELETE FROM relance.regles_suivi WHERE id = $1', other.id);
    const regle = await regles.create(request, keyed(key));
    expect(regle.delai).toBe('P2D');
    expect(await regles.create(request, keyed(key))).toEqual(regle);
  });

  test.each([['has spaces'], ['x'.repeat(256)]])('of a wrong form is refused', async (key) => {
    const organisationId = unique('org');
    const refusal = await refusalOf(clients.create({ organisationId, nom: 'Clé' }, keyed(key)));
    expect(refusal).toMatchObject({
      code: 'INVALID_ARGUMENT',
      violations: [{ field: 'idempotency-key' }],
    });
    expect(await clientsOf(organisationId)).toEqual([]);
  });
});

describe('a handler’s key', () => {
  const handled = (eventId: string, timestamp: Date) => ({
    deadlineMs: 20_000,
    metadata: {
      'idempotency-key': `${eventId}/dashboard`,
      'event-type': 'client.created',
      'event-timestamp': timestamp.toISOString(),
    },
  });

  test('50 concurrent calls have one effect', async () => {
    const organisationId = unique('org');
    const eventId = randomUUID();
    const request = { organisationId, clientId: randomUUID(), createdAt: new Date('2026-03-29T22:30:00Z') };
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => kpis.enregistrerNouveauClient(request, handled(eventId, new Date()))),
    );
    for (const answer of answers) expect(answer).toEqual({ jour: '2026-03-30' });
    expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(1n);
    const marks = await stack.sql('SELECT * FROM events.processed_events WHERE event_id = $1', eventId);
    expect(marks).toMatchObject([
      { handler: 'dashboard', event_type: 'client.created', result_id: '2026-03-30' },
    ]);
  }, 60_000);

  test('is nothing special from a person: it guards no event, and no other caller', async () => {
    const organisationId = unique('org');
    const [eventId, clientId] = [randomUUID(), randomUUID()];
    const request = { organisationId, clientId, createdAt: new Date() };
    const alice = stack.client('dashboard', DashboardKpisServiceService, 'alice');
    await alice.enregistrerNouveauClient({ ...request, clientId: 'another' }, handled(eventId, new Date()));
    expect(await stack.sql('SELECT 1 FROM events.processed_events WHERE event_id = $1', eventId)).toEqual([]);
    await kpis.enregistrerNouveauClient(request, handled(eventId, new Date()));
    expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(2n);
    expect(
      await refusalOf(alice.enregistrerNouveauClient(request, handled(eventId, new Date()))),
    ).toMatchObject({
      code: 'ALREADY_EXISTS',
    });
  });

  test('another event has its own effect', async () => {
    const organisationId = unique('org');
    const request = { organisationId, clientId: randomUUID(), createdAt: new Date() };
    for (const eventId of [randomUUID(), randomUUID()]) {
      await kpis.enregistrerNouveauClient(request, handled(eventId, new Date()));
    }
    expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(2n);
  });

  test('of an event older than its guard may live is refused', async () => {
    const organisationId = unique('org');
    const request = { organisationId, clientId: randomUUID(), createdAt: new Date() };
    const aged = (days: number) =>
      kpis.enregistrerNouveauClient(request, handled(randomUUID(), new Date(Date.now() - days * DAY_MS)));
    expect(await refusalOf(aged(32.01))).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'EVENT_EXPIRED',
      message: expect.stringContaining('event_expired') as string,
    });
    expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(0n);
    await aged(31.99);
    expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(1n);
  });
});

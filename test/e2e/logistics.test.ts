import { LogisticsServiceService, type StatutExpedition } from '@crm/proto/logistics/logistics';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const logistics = stack.client('logistics', LogisticsServiceService);

afterAll(() => stack.close());

const ship = () => logistics.createExpedition({ clientId: unique('client'), transporteur: 'La Poste' });
const day = (number: number) => new Date(`2026-03-${String(number).padStart(2, '0')}T10:00:00Z`);
const track = (expeditionId: string, statut: StatutExpedition, on: number) =>
  logistics.createTrackingEvent({ expeditionId, statut, dateEvenement: day(on) });

test('a shipment is in preparation until an event tells of it', async () => {
  const expedition = await ship();
  expect(expedition).toMatchObject({ organisationId: 'default', statut: 'PREPAREE' });
  expect(expedition.dateStatut).toBeUndefined();
  // before the shipment was recorded here, and still the latest that is known
  await track(expedition.id, 'EXPEDIEE', 2);
  expect(await logistics.getExpedition({ id: expedition.id })).toMatchObject({
    statut: 'EXPEDIEE',
    dateStatut: day(2),
  });
});

test.each<[[StatutExpedition, number][], StatutExpedition, number]>([
  [
    [
      ['EXPEDIEE', 2],
      ['EN_TRANSIT', 3],
      ['LIVREE', 5],
    ],
    'LIVREE',
    5,
  ],
  [
    [
      ['LIVREE', 5],
      ['EN_TRANSIT', 3],
      ['EXPEDIEE', 2],
    ],
    'LIVREE',
    5,
  ],
  [
    [
      ['EN_TRANSIT', 3],
      ['RETOURNEE', 6],
      ['LIVREE', 5],
    ],
    'RETOURNEE',
    6,
  ],
  [
    [
      ['EN_TRANSIT', 3],
      ['LIVREE', 3],
    ],
    'LIVREE',
    3,
  ],
])('after %j it is %s', async (events, statut, on) => {
  const { id } = await ship();
  for (const [told, when] of events) await track(id, told, when);
  expect(await logistics.getExpedition({ id })).toMatchObject({ statut, dateStatut: day(on) });
  const { evenements } = await logistics.getTrackingEvents({ expeditionId: id });
  expect(evenements).toHaveLength(events.length);
});

test('of events that come at once the latest decides', async () => {
  const { id } = await ship();
  const days = [7, 2, 9, 4, 1, 8, 3, 6];
  await Promise.all(days.map((on) => track(id, on === 9 ? 'LIVREE' : 'EN_TRANSIT', on)));
  expect(await logistics.getExpedition({ id })).toMatchObject({ statut: 'LIVREE', dateStatut: day(9) });
});

test('events come latest first, a page at a time, in whatever order they were told', async () => {
  const { id: expeditionId } = await ship();
  for (const on of [3, 1, 5, 2, 4]) await track(expeditionId, 'EN_TRANSIT', on);
  await track((await ship()).id, 'LIVREE', 9);
  const seen: (Date | undefined)[] = [];
  let pageToken = '';
  do {
    const page = await logistics.getTrackingEvents({ expeditionId, pageSize: 2, pageToken });
    expect(page.evenements.length).toBeLessThanOrEqual(2);
    seen.push(...page.evenements.map(({ dateEvenement }) => dateEvenement));
    pageToken = page.nextPageToken;
  } while (pageToken);
  expect(seen).toEqual([5, 4, 3, 2, 1].map(day));
});

test('shipments are listed by organisation, state and client', async () => {
  const organisationId = unique('org');
  const clientId = unique('client');
  const first = await logistics.createExpedition({ organisationId, clientId });
  const second = await logistics.createExpedition({ organisationId, clientId: unique('client') });
  await track(first.id, 'LIVREE', 1);
  const ids = ({ expeditions }: { expeditions: { id: string }[] }) => expeditions.map(({ id }) => id);
  expect(ids(await logistics.getExpeditions({ organisationId }))).toEqual([second.id, first.id]);
  expect(ids(await logistics.getExpeditions({ organisationId, statut: 'LIVREE' }))).toEqual([first.id]);
  expect(ids(await logistics.getExpeditionsByClient({ clientId }))).toEqual([first.id]);
});

test('an event told again under its key is one event', async () => {
  const { id: expeditionId } = await ship();
  const settings = { metadata: { 'idempotency-key': randomUUID() } };
  const event = { expeditionId, statut: 'EXPEDIEE', lieu: 'Lyon' } as const;
  const first = await logistics.createTrackingEvent(event, settings);
  expect(await logistics.createTrackingEvent(event, settings)).toEqual(first);
  expect((await logistics.getTrackingEvents({ expeditionId })).evenements).toEqual([first]);
});

test('an event of no shipment, of no state or of the future is refused, and not kept', async () => {
  const nowhere = unique('expedition');
  expect((await refusalOf(track(nowhere, 'LIVREE', 1))).code).toBe('NOT_FOUND');
  expect((await logistics.getTrackingEvents({ expeditionId: nowhere })).evenements).toEqual([]);
  const { id: expeditionId } = await ship();
  const stateless = logistics.createTrackingEvent({ expeditionId });
  expect((await refusalOf(stateless)).violations).toMatchObject([{ field: 'statut' }]);
  const early = logistics.createTrackingEvent({
    expeditionId,
    statut: 'LIVREE',
    dateEvenement: new Date(Date.now() + 25 * 3600 * 1000),
  });
  expect((await refusalOf(early)).violations).toMatchObject([{ field: 'dateEvenement' }]);
  expect(await logistics.getExpedition({ id: expeditionId })).toMatchObject({ statut: 'PREPAREE' });
});

import { DashboardKpisServiceService, EvolutionCaServiceService } from '@crm/proto/dashboard/dashboard';
import { randomUUID } from 'node:crypto';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const kpis = stack.client('dashboard', DashboardKpisServiceService);
const evolution = stack.client('dashboard', EvolutionCaServiceService);

afterAll(() => stack.close());

const invoice = (organisationId: string, montant: bigint, dateFacture: string, invoiceId = unique('f')) =>
  kpis.enregistrerFacture({ organisationId, invoiceId, montant, dateFacture });
const payment = (organisationId: string, montant: bigint, at: string, paymentId = unique('p')) =>
  kpis.enregistrerEncaissement({ organisationId, paymentId, montant, dateReception: new Date(at) });
const newClient = (organisationId: string, at: string) =>
  kpis.enregistrerNouveauClient({ organisationId, clientId: unique('c'), createdAt: new Date(at) });

test('the figures of a period: clients, revenue, cash', async () => {
  const organisationId = unique('org');
  await newClient(organisationId, '2026-03-10T12:00:00Z');
  await invoice(organisationId, 75_000n, '2026-03-01');
  await invoice(organisationId, 25_000n, '2026-03-31');
  await invoice(organisationId, 1n, '2026-04-01');
  await payment(organisationId, 40_000n, '2026-03-15T12:00:00Z');
  const march = { organisationId, du: '2026-03-01', au: '2026-03-31' };
  expect(await kpis.getKpis(march)).toEqual({
    ...march,
    nouveauxClients: 1n,
    chiffreAffaires: 100_000n,
    nombreFactures: 2n,
    encaissements: 40_000n,
  });
  expect(await kpis.getKpis({ organisationId })).toMatchObject({
    chiffreAffaires: 100_001n,
    nombreFactures: 3n,
  });
  expect(await kpis.getKpis({ organisationId: unique('org') })).toMatchObject({
    nouveauxClients: 0n,
    chiffreAffaires: 0n,
    nombreFactures: 0n,
    encaissements: 0n,
  });
});

test('an invoice counts once, whoever tells of it again and whenever', async () => {
  const organisationId = unique('org');
  const invoiceId = unique('f');
  const told = await Promise.all(
    Array.from({ length: 10 }, () => invoice(organisationId, 500n, '2026-03-01', invoiceId)),
  );
  expect(told).toEqual(Array.from({ length: 10 }, () => ({ jour: '2026-03-01' })));
  expect(await kpis.getKpis({ organisationId })).toMatchObject({ chiffreAffaires: 500n, nombreFactures: 1n });
});

test('a payment counts once, on the Paris day on which it was last received, in whatever order it is told', async () => {
  const organisationId = unique('org');
  const received = async (du: string) => (await kpis.getKpis({ organisationId, du, au: du })).encaissements;
  // half past midnight in Paris
  expect(await payment(organisationId, 700n, '2026-06-30T22:30:00Z')).toEqual({ jour: '2026-07-01' });
  const paymentId = unique('p');
  await payment(organisationId, 900n, '2026-08-20T10:00:00Z', paymentId);
  await payment(organisationId, 900n, '2026-08-05T10:00:00Z', paymentId);
  await payment(organisationId, 900n, '2026-08-20T10:00:00Z', paymentId);
  expect([await received('2026-07-01'), await received('2026-08-05'), await received('2026-08-20')]).toEqual([
    700n,
    0n,
    900n,
  ]);
});

test('50 tellings of one event count one client, and answer the first’s day', async () => {
  const organisationId = unique('org');
  const service = stack.client('dashboard', DashboardKpisServiceService, 'service:test');
  const settings = {
    metadata: {
      'idempotency-key': `${randomUUID()}/dashboard`,
      'event-type': 'client.created',
      'event-timestamp': new Date().toISOString(),
    },
  };
  const request = { organisationId, clientId: 'c', createdAt: new Date('2026-03-10T12:00:00Z') };
  const told = await Promise.all(
    Array.from({ length: 50 }, () => service.enregistrerNouveauClient(request, settings)),
  );
  expect(new Set(told.map(({ jour }) => jour))).toEqual(new Set(['2026-03-10']));
  expect((await kpis.getKpis({ organisationId })).nouveauxClients).toBe(1n);
});

describe('the development of the figures', () => {
  const organisationId = unique('org');
  beforeAll(async () => {
    await invoice(organisationId, 100n, '2026-01-01');
    await invoice(organisationId, 200n, '2026-01-31');
    await invoice(organisationId, 400n, '2026-03-15');
    await invoice(unique('org'), 999n, '2026-01-15');
    await payment(organisationId, 50n, '2026-02-28T12:00:00Z');
    await payment(organisationId, 60n, '2026-02-28T13:00:00Z');
    await newClient(organisationId, '2026-03-29T12:00:00Z');
  });
  const point = (periode: string, chiffreAffaires = 0n, encaissements = 0n, nouveauxClients = 0n) => ({
    periode,
    chiffreAffaires,
    encaissements,
    nouveauxClients,
  });

  test('by month, months without anything included', async () => {
    const period = { organisationId, du: '2025-12-01', au: '2026-04-30' };
    expect(await evolution.getEvolutionCa(period)).toEqual({
      ...period,
      granularite: 'MOIS',
      points: [
        point('2025-12'),
        point('2026-01', 300n),
        point('2026-02', 0n, 110n),
        point('2026-03', 400n, 0n, 1n),
        point('2026-04'),
      ],
    });
  });

  test('of months that the period cuts, the days in it', async () => {
    const { points } = await evolution.getEvolutionCa({ organisationId, du: '2026-01-31', au: '2026-03-14' });
    expect(points).toEqual([point('2026-01', 200n), point('2026-02', 0n, 110n), point('2026-03')]);
  });

  test('by day, over a clock change and a leap day', async () => {
    const { points } = await evolution.getEvolutionCa({
      organisationId,
      du: '2026-03-28',
      au: '2026-03-30',
      granularite: 'JOUR',
    });
    expect(points).toEqual([point('2026-03-28'), point('2026-03-29', 0n, 0n, 1n), point('2026-03-30')]);
    const leap = await evolution.getEvolutionCa({
      organisationId,
      du: '2028-02-28',
      au: '2028-03-01',
      granularite: 'JOUR',
    });
    expect(leap.points.map(({ periode }) => periode)).toEqual(['2028-02-28', '2028-02-29', '2028-03-01']);
  });

  test('the twelve months up to now unless it is told, and of every organisation', async () => {
    const today = todayInParis();
    const { points, du, au } = await evolution.getEvolutionCa({});
    expect(points).toHaveLength(12);
    expect(points.at(-1)!.periode).toBe(today.toPlainYearMonth().toString());
    expect([du, au]).toEqual([today.with({ day: 1 }).subtract({ months: 11 }).toString(), today.toString()]);
  });

  test.each([
    ['au', { du: '2026-01-02', au: '2026-01-01' }, /before/],
    ['au', { du: '2016-01-01', au: '2026-01-01' }, /at most 120 months/],
    ['au', { du: '2024-01-01', au: '2026-01-01', granularite: 'JOUR' }, /at most 731 days/],
    ['du', { du: '2026-02-30' }, /date/],
  ] as const)('%s is refused of %j', async (field, period, words) => {
    const refusal = await refusalOf(evolution.getEvolutionCa(period));
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field }] });
    expect(refusal.violations[0]!.description).toMatch(words);
  });

  test('the longest series are answered', async () => {
    const years = await evolution.getEvolutionCa({ organisationId, du: '2016-02-01', au: '2026-01-31' });
    expect(years.points).toHaveLength(120);
    const days = { organisationId, du: '2024-01-01', au: '2025-12-31', granularite: 'JOUR' } as const;
    expect((await evolution.getEvolutionCa(days)).points).toHaveLength(731);
  });
});

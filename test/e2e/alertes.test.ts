import { AlertesServiceService, DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import type { Temporal } from 'temporal-polyfill';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { todayInParis } from '../support/today.ts';
import { unique } from '../support/unique.ts';

const stack = sharedStack();
const alertes = stack.client('dashboard', AlertesServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const kpis = stack.client('dashboard', DashboardKpisServiceService);
const today = todayInParis();

afterAll(() => stack.close());

const issue = (organisationId: string, dateEcheance: string) =>
  factures.create({
    organisationId,
    clientId: unique('client'),
    montant: 12_000n,
    dateFacture: '2026-01-05',
    dateEcheance,
  });

test('invoices that are overdue, of which something remains, newest first, a page at a time', async () => {
  const organisationId = unique('org');
  expect(await alertes.getAlertes({ organisationId })).toEqual({ alertes: [], nextPageToken: '' });
  const first = await issue(organisationId, '2026-02-04');
  const second = await issue(organisationId, '2026-02-04');
  const paid = await issue(organisationId, '2026-02-04');
  await factures.markAsPaid({ id: paid.id });
  await issue(organisationId, today.toString()); // due today is not overdue
  const page = await alertes.getAlertes({ organisationId, pageSize: 1 });
  expect(page.alertes).toEqual([
    {
      type: 'FACTURE_ECHUE',
      organisationId,
      message: `La facture ${second.numero} est échue depuis le 4 février 2026 : il reste 120,00\u00a0€ à payer.`,
      reference: second.id,
      montant: 12_000n,
      depuis: '2026-02-04',
    },
  ]);
  const next = await alertes.getAlertes({ organisationId, pageSize: 1, pageToken: page.nextPageToken });
  expect(next.alertes.map(({ reference }) => reference)).toEqual([first.id]);
  const all = await alertes.getAlertes({ organisationId });
  expect(all.alertes.map(({ reference }) => reference)).toEqual([second.id, first.id]);
  expect(all.nextPageToken).toBe('');
});

test('a last full month that brought in less than the one before comes first, on the first page', async () => {
  const organisationId = unique('org');
  const debut = today.with({ day: 1 }).subtract({ months: 1 });
  const receive = (day: Temporal.PlainDate, montant: bigint) =>
    kpis.enregistrerEncaissement({
      organisationId,
      paymentId: unique('p'),
      montant,
      dateReception: new Date(`${day.toString()}T12:00:00Z`),
    });
  await receive(debut.subtract({ days: 1 }), 100_000n);
  await receive(debut, 50_000n);
  await receive(today.with({ day: 1 }), 900_000n); // this month is not over
  for (let count = 0; count < 2; count += 1) await issue(organisationId, '2026-02-04');
  const page = await alertes.getAlertes({ organisationId, pageSize: 1 });
  expect(page.alertes.map(({ type }) => type)).toEqual(['BAISSE_ENCAISSEMENTS', 'FACTURE_ECHUE']);
  expect(page.alertes[0]).toMatchObject({ montant: 50_000n, depuis: debut.toString() });
  expect(page.alertes[0]!.message).toMatch(
    / : 500,00\u00a0€, contre 1\u00a0000,00\u00a0€ le mois précédent\.$/,
  );
  const next = await alertes.getAlertes({ organisationId, pageSize: 1, pageToken: page.nextPageToken });
  expect(next.alertes.map(({ type }) => type)).toEqual(['FACTURE_ECHUE']);
});

test('a wrong token of a page is refused by its name', async () => {
  const wrong = alertes.getAlertes({ pageToken: 'A-A-A' });
  expect(await refusalOf(wrong)).toMatchObject({
    code: 'INVALID_ARGUMENT',
    violations: [{ field: 'pageToken' }],
  });
});

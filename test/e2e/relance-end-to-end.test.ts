import { jest } from '@jest/globals';
import { addDays, todayInParis } from '@crm/domain';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import {
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RelanceServiceService,
} from '@crm/proto/relance/relance';
import { describer, migrateFollowUps, reminderChanges } from '@crm/tools/ops/migrate-follow-ups';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { workflowIn } from '../support/workflows.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const payments = stack.client('payments', PaymentServiceService);
const relances = stack.client('relance', RelanceServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = {
  ouverture: '00:00',
  fermeture: '00:00',
  tousLesJours: true,
  espacement: 'PT0S',
  modele: 'rappel',
};

/** An invoice whose organisation has a level for each delay, with its planned reminder. */
async function invoiceWith(delays: string[], { sansRelance = false } = {}) {
  const organisationId = unique('org');
  for (const [index, delai] of delays.entries()) {
    await regles.create({ organisationId, niveau: index + 1, delai, ...ALWAYS });
  }
  const email = uniqueAddress();
  const client = await clients.create({ organisationId, nom: 'Relancée', email, sansRelance });
  const invoice = await factures.create({ organisationId, clientId: client.id, montant: 12_000n });
  const workflowId = `relance/${invoice.id}`;
  // made by the workflow, which has therefore been started
  await until('the plan', () => relances.get({ id: invoice.id }));
  return {
    ...{ organisationId, client, invoice, workflowId },
    /** How many there are in the client's inbox. */
    reminders: async () =>
      (await stack.mailsTo(email)).filter(({ subject }) => /rappel, échéance/.test(subject)).length,
    completed: async () => workflowIn(await stack.temporal(), workflowId, 'COMPLETED'),
    actions: async () =>
      (await historique.list({ invoiceId: invoice.id })).historique.map(({ action }) => action).reverse(),
  };
}

test('each level is mailed once, at its time, and recorded', async () => {
  const { invoice, client, completed, reminders, actions } = await invoiceWith(['PT2S', 'PT5S']);
  const { staticSummary, typedSearchAttributes } = await completed();
  expect(await staticSummary()).toBe(`Relances de la facture ${invoice.numero}`);
  expect(JSON.stringify(typedSearchAttributes.getAll())).toContain(client.id);
  expect(await reminders()).toBe(2);
  expect(await actions()).toEqual(['PLANIFICATION', 'ENVOI', 'ENVOI']);
  const relance = await relances.get({ id: invoice.id });
  expect(relance).toMatchObject({ statut: 'ACHEVEE', prochainNiveau: 0 });
  for (const { envoyeeAt, dueAt } of relance.niveaux) {
    expect(envoyeeAt!.getTime()).toBeGreaterThanOrEqual(dueAt!.getTime());
  }
}, 90_000);

test('a client who does not want to be reminded is not, and that is recorded', async () => {
  const { completed, reminders, invoice, actions } = await invoiceWith(['PT1S'], {
    sansRelance: true,
  });
  await completed();
  expect(await reminders()).toBe(0);
  expect(await actions()).toEqual(['PLANIFICATION', 'SAUT']);
  expect((await relances.get({ id: invoice.id })).niveaux[0]!.motifSaut).toBe(
    'le client ne souhaite pas de relance',
  );
}, 90_000);

test('a mail now to a client who gets none is refused, and says why', async () => {
  const { invoice, client } = await invoiceWith(['P15D']);
  const sendNow = () => refusalOf(relances.sendNow({ id: invoice.id }));
  await clients.update({ id: client.id, sansRelance: true });
  expect(await sendNow()).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'CLIENT_SANS_RELANCE' },
    message: 'the client gets no reminder: le client ne souhaite pas de relance',
  });
  expect(await relances.get({ id: invoice.id })).toMatchObject({ prochainNiveau: 1, statut: 'EN_ATTENTE' });
}, 60_000);

test('a payment ends it; that payment returned starts it anew, and what was due meanwhile is sent', async () => {
  const { invoice, client, organisationId, completed, reminders } = await invoiceWith(['P15D']);
  const whose = { organisationId, clientId: client.id, invoiceId: invoice.id };
  const payment = await payments.create({ ...whose, montant: invoice.montant });
  await payments.confirm({ id: payment.id });
  await completed();
  expect(await relances.get({ id: invoice.id })).toMatchObject({
    statut: 'SOLDEE',
    motifFin: 'facture réglée',
  });
  await payments.reject({ id: payment.id, motifRejet: 'MD06', retourBancaire: true });
  await until(
    'the reminder again',
    async () => (await relances.get({ id: invoice.id })).statut === 'EN_ATTENTE',
  );
  expect(await relances.get({ id: invoice.id })).toMatchObject({ cycle: 2, prochainNiveau: 1 });
  await relances.sendNow({ id: invoice.id });
  await completed();
  expect(await reminders()).toBe(1);
  expect((await relances.get({ id: invoice.id })).statut).toBe('ACHEVEE');
}, 90_000);

test('business users pause, resume, ask for, skip and cancel, and each is in the history', async () => {
  const { invoice, reminders, completed, actions } = await invoiceWith(['P15D', 'P30D', 'P45D']);
  const { id } = invoice;
  const jusquAu = addDays(todayInParis(), 9);
  const paused = await relances.pause({ id, motif: 'promesse de paiement', jusquAu });
  expect(paused).toMatchObject({ statut: 'EN_PAUSE', pauseJusquAu: jusquAu, prochainNiveau: 1 });
  expect(await refusalOf(relances.sendNow({ id }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'RELANCE_EN_PAUSE',
  });
  expect((await relances.resume({ id })).statut).toBe('EN_ATTENTE');
  expect((await refusalOf(relances.resume({ id }))).reason).toBe('RELANCE_PAS_EN_PAUSE');
  const settings = { metadata: { 'idempotency-key': unique('k') } };
  await relances.sendNow({ id, motif: 'le client le demande' }, settings);
  await relances.sendNow({ id, motif: 'le client le demande' }, settings);
  await until('the mail', async () => (await relances.get({ id })).prochainNiveau === 2);
  expect(await reminders()).toBe(1);
  expect((await relances.skip({ id, motif: 'accord' })).prochainNiveau).toBe(3);
  expect(await relances.cancel({ id, motif: 'litige' })).toMatchObject({
    statut: 'ANNULEE',
    motifFin: 'litige',
  });
  await completed();
  expect((await refusalOf(relances.cancel({ id, motif: 'litige' }))).reason).toBe('RELANCE_TERMINEE');
  const done = ['PLANIFICATION', 'PAUSE', 'REPRISE', 'ENVOI_DEMANDE', 'ENVOI', 'SAUT', 'ANNULATION'];
  expect(await actions()).toEqual(done);
  const { historique: lines } = await historique.list({ invoiceId: id });
  expect(lines.find(({ action }) => action === 'PAUSE')).toMatchObject({
    auteur: 'alice',
    motif: 'promesse de paiement',
  });
}, 90_000);

test('running reminders move to the rules in force, when told to; what was sent stays sent', async () => {
  const { invoice, organisationId, reminders, completed } = await invoiceWith(['P15D', 'P30D']);
  const { id } = invoice;
  await relances.sendNow({ id });
  await until('the first mail', async () => (await relances.get({ id })).prochainNiveau === 2);
  const rows = (await regles.list({ organisationId })).regles;
  const [first, second] = [1, 2].map((niveau) => rows.find((row) => row.niveau === niveau)!);
  await regles.update({ id: first!.id, delai: 'P1D' });
  const preview = async (more: object = {}) =>
    (await relances.previewMigration({ organisationId, ...more })).migrations.map((one) => ({
      invoiceId: one.invoiceId,
      changee: one.changee,
      avant: one.avant.map(({ niveau, datePrevue }) => [niveau, datePrevue!.toISOString().slice(0, 10)]),
      apres: one.apres.map(({ niveau, datePrevue }) => [niveau, datePrevue!.toISOString().slice(0, 10)]),
    }));
  const planned = (await relances.get({ id })).prochaineAt!.toISOString().slice(0, 10);
  const before = { invoiceId: id, avant: [[2, planned]] };
  // the first level was sent: its rule is of no matter any more
  expect(await preview()).toEqual([{ ...before, changee: false, apres: [[2, planned]] }]);
  await regles.update({ id: second!.id, delai: 'P0D' });
  expect(await preview({ id, organisationId: '' })).toMatchObject([
    { ...before, changee: true, apres: [[2, expect.any(String)]] },
  ]);
  // nothing has moved by itself
  expect((await relances.get({ id })).prochaineAt!.toISOString().slice(0, 10)).toBe(planned);
  const other = await regles.create({ organisationId: unique('org') });
  const refused = await refusalOf(relances.migrer({ id, regleId: other.id, motif: 'essai' }));
  expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'REGLE_INCONNUE' });
  await relances.migrer({ id, regleId: first!.id, motif: 'essai' });
  expect(await relances.get({ id })).toMatchObject({
    prochainNiveau: 2,
    niveaux: [{ delai: 'P15D' }, { delai: 'P30D' }],
  });
  const describe = describer((service, definition) => stack.client(service, definition));
  const { numero } = await factures.get({ id });
  const told: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void told.push(line));
  const which = { organisationId, id: '', regleId: '', motif: 'nouvelles conditions' };
  const counts = { changed: 0, unchanged: 0, refused: 0 };
  await migrateFollowUps(reminderChanges(relances, which), describe, false, counts);
  await migrateFollowUps(reminderChanges(relances, which), describe, true, counts);
  log.mockRestore();
  expect(told[0]).toMatch(new RegExp(`^facture ${numero}, .*: niveau 2 .rappel. .* -> niveau 2 .rappel. `));
  expect(counts).toEqual({ changed: 2, unchanged: 0, refused: 0 });
  // due at once by the new rule
  await completed();
  expect(await reminders()).toBe(2);
  const { historique: lines } = await historique.list({ invoiceId: id });
  expect(lines.find(({ action, motif }) => action === 'MIGRATION' && motif !== 'essai')).toMatchObject({
    ...{ auteur: 'alice', motif: 'nouvelles conditions' },
    detail: expect.stringContaining('niveau 2: ') as string,
  });
  expect((await refusalOf(relances.migrer({ id, motif: 'trop tard' }))).reason).toBe('RELANCE_TERMINEE');
  expect(await preview()).toEqual([]);
}, 90_000);

test('a credit note of all is seen before the mail', async () => {
  const { invoice, reminders, completed } = await invoiceWith(['PT6S']);
  await factures.createCreditNote({ invoiceId: invoice.id, motif: 'geste commercial' });
  await completed();
  expect(await reminders()).toBe(0);
  expect((await relances.get({ id: invoice.id })).motifFin).toBe('facture annulée par avoir');
}, 90_000);

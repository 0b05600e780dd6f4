import { todayInParis } from '@crm/domain';
import { CalendarEngineServiceService, Calendrier } from '@crm/proto/calendar/calendar';
import {
  BaseRelance,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
} from '@crm/proto/relance/relance';
import { CreatePolicyRequest } from '@crm/proto/retry/retry';
import { relanceWorkflowId, retryWorkflowId } from '@crm/workflows/ids';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { readPdfText } from '@crm/factures/testing/read-pdf-text';
import { Temporal } from 'temporal-polyfill';
import { ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, completed } = ground(stack);
const { factures, payments, relances, retries, mandats } = services;
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);
const calendar = stack.client('calendar', CalendarEngineServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const AMOUNT = 12_000n;
const daysAgo = (days: number) => Temporal.PlainDate.from(todayInParis()).subtract({ days }).toString();
/** A day some weeks ahead on which banks are open. */
const debitDay = async () =>
  (await calendar.calculatePlannedDate({ delaiJours: 30, calendriers: [Calendrier.FRANCE, Calendrier.T2] }))
    .datePrevue;

/** A client with a mandate, of an organisation with a level for each delay. */
async function debited(delays = ['P1D'], rule: object = {}, politique?: object) {
  const email = uniqueAddress();
  const whose = await prepareClient({ email });
  const { organisationId, clientId } = whose;
  for (const [index, delai] of delays.entries())
    await regles.create({
      organisationId,
      niveau: index + 1,
      base: BaseRelance.DATE_ECHEANCE,
      delai,
      ...ALWAYS,
      ...rule,
    });
  if (politique)
    await retries.createPolicy(CreatePolicyRequest.fromJSON({ organisationId, nom: 'P', politique }));
  const account = {
    iban: 'FR1420041010050500013M02606',
    titulaire: 'Zoé Martin',
    dateSignature: '2026-01-15',
  };
  const mandat = await mandats.create({ organisationId, clientId, ...account });
  return { ...whose, email, mandat };
}
type Debited = Awaited<ReturnType<typeof debited>>;

/** An invoice that was due some days ago, and a debit that was planned while it was not yet. */
async function invoiceWithDebit(
  { organisationId, clientId, mandat }: Debited,
  { debit = AMOUNT, late = 0 }: { debit?: bigint; late?: number } = {},
) {
  const dates = { dateFacture: daysAgo(40), dateEcheance: daysAgo(-60) };
  const invoice = await factures.create({ organisationId, clientId, montant: AMOUNT, ...dates });
  const { id } = invoice;
  await until('the plan', () => relances.get({ id }));
  const datePrevue = await debitDay();
  const planned = {
    organisationId,
    clientId,
    invoiceId: id,
    mandatId: mandat.id,
    montant: debit,
    datePrevue,
  };
  const payment = await payments.create(planned);
  if (late) await factures.update({ id, dateEcheance: daysAgo(late) });
  return { id, invoice, payment, datePrevue };
}

const reminders = async ({ email }: { email: string }) =>
  (await stack.mailsTo(email)).filter(({ subject }) => /rappel|relance, /.test(subject));
const oneReminder = (client: { email: string }) =>
  until('the reminder', async () => (await reminders(client)).length > 0);
const actions = async (invoiceId: string) =>
  (await historique.list({ invoiceId })).historique
    .reverse()
    .map(({ action, niveau }) => `${action} ${niveau}`);
/** Waits until the workflow has looked at a level that is due, and left it. */
const heldBack = (id: string) =>
  until('the level to be held back', async () => {
    const relance = await relances.get({ id });
    return relance.attente !== '' && relance.prochaineAt!.getTime() > Date.now() ? relance : undefined;
  });

test('who is debited is not reminded: the level waits, and everything says why and until when', async () => {
  const client = await debited();
  const { id, invoice, payment, datePrevue } = await invoiceWithDebit(client, { late: 2 });
  const held = await heldBack(id);
  expect(held.attente).toMatch(/^prélèvement de 120,00\u00a0€ prévu le \d+/);
  expect(held).toMatchObject({ montantPreleve: 12_000n, preleveLe: datePrevue, prochainNiveau: 1 });
  // looked at again within the hour
  expect(held.prochaineAt!.getTime()).toBeLessThan(Date.now() + 3_700_000);
  const { relances: listed } = await relances.list({ clientId: client.clientId });
  expect(listed[0]!.attente).toBe(held.attente);
  const { echeances } = await relances.agenda({ clientId: client.clientId });
  const line = echeances.find(({ genre }) => genre === 'MAIL_RELANCE')!;
  expect(line.attente).toBe(held.attente);
  const { migrations } = await relances.previewMigration({ id });
  expect(migrations[0]!.attente).toBe(held.attente);
  await until('the summary', async () => (await summaryOf(id)).includes(held.attente));
  expect(await refusalOf(relances.sendNow({ id }))).toMatchObject({
    code: 'FAILED_PRECONDITION',
    reason: 'RELANCE_RETENUE',
  });
  // what would go out if the bank refused the debit, and what stops it
  const { empechements, acte } = await relances.previewSend({ id });
  expect(empechements).toMatchObject([{ raison: 'RELANCE_RETENUE' }]);
  expect(acte?.$case === 'courriel' && acte.value.texte).toContain('120,00\u00a0€');
  expect(await reminders(client)).toEqual([]);

  // a final rejection: at the next opening, which is now
  await payments.reject({ id: payment.id, motifRejet: 'MD01' });
  await oneReminder(client);
  await completed(relanceWorkflowId(id));
  const [mail, ...more] = await reminders(client);
  expect(more).toEqual([]);
  expect(mail!.subject).toContain(invoice.numero);
  expect(await actions(id)).toEqual(['PLANIFICATION 0', 'ECHEANCE_MODIFIEE 0', 'ENVOI 1']);
}, 120_000);

/** What the Temporal UI says of the reminders. */
async function summaryOf(id: string): Promise<string> {
  const handle = (await stack.temporal()).workflow.getHandle(relanceWorkflowId(id));
  return JSON.stringify(await handle.query('__temporal_workflow_metadata'));
}

/** The planned instant of the next presentation comes. */
async function itIsTime(paymentId: string) {
  await stack.sql(
    `UPDATE retry.schedules SET prochaine_at = now(), version = version + 1 WHERE payment_id = $1`,
    paymentId,
  );
  await (await stack.temporal()).workflow.getHandle(retryWorkflowId(paymentId)).signal(paymentRejectedSignal);
}

test('a debit that is presented again holds them back until there is no more; then one goes out, the one that is due', async () => {
  const client = await debited(['P1D', 'P5D'], {}, { delaisJours: [5], maxTentatives: 1 });
  const { id, payment } = await invoiceWithDebit(client, { late: 7 });
  await heldBack(id);
  await payments.reject({ id: payment.id, motifRejet: 'AM04' });
  await until(
    'the retries',
    async () => (await retries.getSchedule({ id: payment.id })).statut === 'PLANIFIE',
  );
  await until('their word', async () =>
    (await relances.get({ id })).attente.startsWith('nouvelle présentation du prélèvement de 120,00'),
  );
  await itIsTime(payment.id);
  await until(
    'the second presentation',
    async () => (await payments.get({ id: payment.id })).tentative === 2,
  );
  expect((await heldBack(id)).attente).toMatch(/^prélèvement de 120,00/);
  expect(await reminders(client)).toEqual([]);
  await payments.reject({ id: payment.id, motifRejet: 'AM04' });
  await until(
    'the end of the retries',
    async () => (await retries.getSchedule({ id: payment.id })).statut === 'EPUISE',
  );
  await oneReminder(client);
  await completed(relanceWorkflowId(id));
  expect(await reminders(client)).toHaveLength(1);
  expect(await actions(id)).toEqual(['PLANIFICATION 0', 'ECHEANCE_MODIFIEE 0', 'SAUT 1', 'ENVOI 2']);
  const { historique: lines } = await historique.list({ invoiceId: id });
  expect(lines.find(({ action }) => action === 'SAUT')).toMatchObject({
    auteur: 'Suivi',
    motif: 'dépassé par le niveau 2, dû lui aussi',
  });
}, 180_000);

test('retries that a person stops hold back no more', async () => {
  const client = await debited();
  const { id, payment } = await invoiceWithDebit(client, { late: 2 });
  await heldBack(id);
  await payments.reject({ id: payment.id, motifRejet: 'AM04' });
  await until(
    'the retries',
    async () => (await retries.getSchedule({ id: payment.id })).statut === 'PLANIFIE',
  );
  expect(await reminders(client)).toEqual([]);
  await retries.cancelSchedule({ id: payment.id, motif: 'le client paie par virement' });
  await oneReminder(client);
  await completed(relanceWorkflowId(id));
}, 120_000);

test('a debit of a part has the rest reminded of', async () => {
  const client = await debited();
  const { id, datePrevue } = await invoiceWithDebit(client, { late: 2, debit: 5_000n });
  await oneReminder(client);
  await completed(relanceWorkflowId(id));
  const [{ texte }] = (await stack.sql<{ texte: string }>(
    `SELECT texte FROM email.emails WHERE client_id = $1 AND modele = 'rappel'`,
    client.clientId,
  )) as [{ texte: string }];
  expect(texte).toMatch(/la somme de 70,00\s€/);
  expect(texte).toMatch(/La somme de 50,00\s€\ssera prélevée le/);
  expect(texte).toContain(String(Number(datePrevue.slice(8))));
  const parts: Uint8Array[] = [];
  for await (const { contenu } of factures.downloadMiseEnDemeurePdf({ id })) parts.push(contenu);
  const letter = readPdfText(Buffer.concat(parts)).replace(/\s+/g, ' ');
  expect(letter).toMatch(/de nous payer la somme de 70,00 € au plus tard/);
  expect(letter).toContain('La somme de 50,00 € sera prélevée le');
}, 120_000);

test('a rule may remind in spite of a debit, and so does one whose mandate was revoked', async () => {
  const inSpite = await debited(['P1D'], { malgrePrelevement: true });
  const { id } = await invoiceWithDebit(inSpite, { late: 2 });
  await oneReminder(inSpite);
  await completed(relanceWorkflowId(id));

  const revoked = await debited();
  const held = await invoiceWithDebit(revoked, { late: 2 });
  await heldBack(held.id);
  await mandats.revoke({ id: revoked.mandat.id, motif: 'demande du client' });
  // what no event tells is seen within the hour, or sooner where somebody asks
  expect((await relances.replanifier({ id: held.id })).attente).toBe('');
  await oneReminder(revoked);
  await completed(relanceWorkflowId(held.id));
}, 120_000);

test('a debit that nobody presents, or of which the bank says nothing, counts until ten days after its day', async () => {
  const client = await debited();
  const { id, payment } = await invoiceWithDebit(client);
  const covers = async () => (await payments.getCouvertures({ invoiceIds: [id] })).couvertures;
  for (const statut of ['PLANIFIE', 'EMIS']) {
    for (const [day, count] of [
      [10, 1],
      [11, 0],
    ] as const) {
      await stack.sql(
        `UPDATE payments.payments SET statut = $2, date_prevue = $3 WHERE id = $1`,
        payment.id,
        statut,
        daysAgo(day),
      );
      expect([statut, day, (await covers()).length]).toEqual([statut, day, count]);
    }
  }
  // a rejection of which retry never hears
  await stack.sql(
    `UPDATE payments.payments SET statut = 'REJETE', date_rejet = now(), updated_at = now() WHERE id = $1`,
    payment.id,
  );
  expect((await covers())[0]!.prelevements).toMatchObject([{ etat: 'COUVERTURE_REJETEE', montant: 12_000n }]);
  await stack.sql(
    `UPDATE payments.payments SET updated_at = now() - interval '73 hours' WHERE id = $1`,
    payment.id,
  );
  expect(await covers()).toEqual([]);
}, 60_000);

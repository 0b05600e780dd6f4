import { todayInParis } from '@crm/domain';
import {
  BaseRelance,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
} from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { Temporal } from 'temporal-polyfill';
import { AMOUNT, ground } from '../support/ground.ts';
import { daysAgo as instantDaysAgo, importInvoices } from '../support/import-invoices.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, completed } = ground(stack);
const { factures, payments, relances } = services;
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT24H' };
const BY_DUE_DATE = { base: BaseRelance.DATE_ECHEANCE };
const inDays = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();

/** A client of an organisation with these levels. */
async function clientWith(...levels: object[]) {
  const email = uniqueAddress();
  const whose = await prepareClient({ email });
  const { organisationId } = whose;
  for (const [index, level] of levels.entries())
    await regles.create({ organisationId, niveau: index + 1, modele: 'rappel', ...ALWAYS, ...level });
  return { ...whose, email };
}

/** An invoice issued some days ago, and when it is due. */
async function invoiceOf(
  { organisationId, clientId }: { organisationId: string; clientId: string },
  { issued, due }: { issued: number; due: number },
) {
  const dates = { dateFacture: inDays(-issued), dateEcheance: inDays(due) };
  const invoice = await factures.create({ organisationId, clientId, montant: AMOUNT, ...dates });
  await until('the plan', () => relances.get({ id: invoice.id }));
  return invoice;
}

const mailsOf = async ({ email }: { email: string }) =>
  (await stack.mailsTo(email)).filter(({ subject }) => /rappel|relance, |mise en demeure/.test(subject));
const historyOf = async (invoiceId: string) => (await historique.list({ invoiceId })).historique.toReversed();
const actionsOf = async (id: string) =>
  (await historyOf(id)).map(({ action, niveau }) => `${action} ${niveau}`);
const dueDaysOf = async (id: string) =>
  (await relances.get({ id })).niveaux.map(({ dueAt }) =>
    dueAt!.toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' }),
  );

const THREE = [{ delai: 'P15D' }, { delai: 'P30D', modele: 'relance' }, { delai: 'P45D', modele: 'relance' }];

test('an invoice that comes late gets one mail, the level that is due now; the others are passed over, with why', async () => {
  const client = await clientWith(...THREE);
  const { id } = await invoiceOf(client, { issued: 60, due: -30 });
  await completed(relanceWorkflowId(id));
  expect(await mailsOf(client)).toHaveLength(1);
  expect(await actionsOf(id)).toEqual(['PLANIFICATION 0', 'SAUT 1', 'SAUT 2', 'ENVOI 3']);
  const passedOver = (await historyOf(id)).filter(({ action }) => action === 'SAUT');
  for (const line of passedOver)
    expect(line).toMatchObject({ auteur: 'Suivi', motif: 'dépassé par le niveau 3, dû lui aussi' });
}, 90_000);

test('so does one of before Suivi of which a part is paid; what is to come comes in its time', async () => {
  const client = await clientWith(...THREE);
  const imported = { ...client, numero: 'REPRISE-1', issued: instantDaysAgo(32) };
  const [id] = (await importInvoices(stack, [imported])) as [string];
  const { organisationId, clientId } = client;
  const payment = await payments.create({ organisationId, clientId, invoiceId: id, montant: AMOUNT / 2n });
  await payments.confirm({ id: payment.id });
  await until('the mail', async () => (await mailsOf(client)).length > 0);
  const relance = await until('the next one', async () => {
    const read = await relances.get({ id });
    return read.prochainNiveau === 3 ? read : undefined;
  });
  expect(relance.prochaineAt!.getTime()).toBeGreaterThan(Date.now() + 10 * 86_400_000);
  expect(await mailsOf(client)).toHaveLength(1);
  expect(await actionsOf(id)).toEqual(['PLANIFICATION 0', 'SAUT 1', 'ENVOI 2']);
}, 90_000);

test('a due date put off puts off the levels to come, one brought forward brings them forward; whose doing it was is told', async () => {
  const client = await clientWith({ ...BY_DUE_DATE, delai: 'P5D' }, { delai: 'P90D', modele: 'relance' });
  const { id } = await invoiceOf(client, { issued: 20, due: 10 });
  expect(await dueDaysOf(id)).toEqual([inDays(15), inDays(70)]);
  await factures.update({ id, dateEcheance: inDays(40) });
  expect(await dueDaysOf(id)).toEqual([inDays(45), inDays(70)]);
  expect((await historyOf(id)).at(-1)).toMatchObject({
    ...{ action: 'ECHEANCE_MODIFIEE', auteur: 'alice', motif: `échéance de la facture: ${inDays(40)}` },
    detail: expect.stringMatching(/^niveau 1: .* -> niveau 1: /) as string,
  });
  expect(await mailsOf(client)).toEqual([]);
  // the subject alone moves nothing
  await factures.update({ id, objet: 'Entretien' });
  await factures.update({ id, dateEcheance: inDays(-7) });
  await until('the mail', async () => (await mailsOf(client)).length > 0);
  await until('the record', async () => (await relances.get({ id })).prochainNiveau === 2);
  const moved = ['ECHEANCE_MODIFIEE 0', 'ECHEANCE_MODIFIEE 0'];
  expect(await actionsOf(id)).toEqual(['PLANIFICATION 0', ...moved, 'ENVOI 1']);
}, 90_000);

test('where nobody has told, the due date is read before the mail', async () => {
  const client = await clientWith({ ...BY_DUE_DATE, delai: 'P0D' });
  const { id } = await invoiceOf(client, { issued: 20, due: 10 });
  await relances.pause({ id, motif: 'essai' });
  await factures.update({ id, dateEcheance: inDays(-2) });
  await stack.sql(`UPDATE factures.factures SET date_echeance = $2 WHERE id = $1`, id, inDays(3));
  await relances.resume({ id });
  await until('the other day', async () => (await dueDaysOf(id))[0] === inDays(3));
  expect(await mailsOf(client)).toEqual([]);
}, 90_000);

test('a day that a person asked for stays', async () => {
  const client = await clientWith({ ...BY_DUE_DATE, delai: 'P5D' });
  const first = await invoiceOf(client, { issued: 20, due: 10 });
  await relances.sendNow({ id: first.id });
  await completed(relanceWorkflowId(first.id));
  // a day after the first one's
  const { id } = await invoiceOf(client, { issued: 20, due: 10 });
  const asked = await relances.sendNow({ id });
  expect(asked.niveaux[0]!.demandee).toBe(true);
  await factures.update({ id, dateEcheance: inDays(40) });
  const { niveaux, prochaineAt } = await relances.get({ id });
  expect(niveaux[0]).toMatchObject({ dueAt: asked.niveaux[0]!.dueAt, demandee: true });
  expect(prochaineAt!.getTime()).toBeLessThan(Date.now() + 25 * 3_600_000);
}, 90_000);

test('no formal notice before the due date: neither planned nor asked for', async () => {
  const client = await clientWith({ delai: 'P15D', modele: 'mise-en-demeure' });
  const { id } = await invoiceOf(client, { issued: 20, due: 10 });
  expect(await dueDaysOf(id)).toEqual([inDays(11)]);
  const refused = await refusalOf(relances.sendNow({ id, motif: 'il ne paie jamais' }));
  expect(refused).toMatchObject({ code: 'FAILED_PRECONDITION', reason: 'MISE_EN_DEMEURE' });
  await factures.update({ id, dateEcheance: inDays(20) });
  expect(await dueDaysOf(id)).toEqual([inDays(21)]);
  const { envois } = await relances.preview({
    ...{ organisationId: client.organisationId, dateFacture: inDays(-20), dateEcheance: inDays(10) },
  });
  expect(envois[0]!.datePrevue!.getTime()).toBeGreaterThan(Date.now() + 9 * 86_400_000);
  // overdue, it goes out
  await factures.update({ id, dateEcheance: inDays(-1) });
  await completed(relanceWorkflowId(id));
  expect(await mailsOf(client)).toHaveLength(1);
}, 90_000);

test('reminders move to other rules also once their instant has passed', async () => {
  const client = await clientWith({ delai: 'P15D' });
  const { organisationId } = client;
  const first = await invoiceOf(client, { issued: 1, due: 30 });
  await relances.sendNow({ id: first.id });
  await completed(relanceWorkflowId(first.id));
  // due five days ago, and a day away from the first one's
  const { id } = await invoiceOf(client, { issued: 20, due: 10 });
  const [rule] = (await regles.list({ organisationId })).regles;
  await regles.update({ id: rule!.id, delai: 'P60D' });
  await relances.migrer({ id, motif: 'nouvelles conditions' });
  expect(await dueDaysOf(id)).toEqual([inDays(40)]);
  expect((await relances.get({ id })).prochaineAt!.getTime()).toBeGreaterThan(Date.now() + 30 * 86_400_000);
}, 90_000);

import { addDays, formatDate, todayInParis } from '@crm/domain';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { AlertesServiceService } from '@crm/proto/dashboard/dashboard';
import { GenreAttente, ResultatAttente } from '@crm/proto/relance/attentes';
import {
  ActionRelance,
  BaseRelance,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RelanceServiceService,
  StatutRelance,
} from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { jest } from '@jest/globals';
import { ground } from '../support/ground.ts';
import { letDaysPass } from '../support/let-days-pass.ts';
import { ops } from '../support/ops.ts';
import { presentedPayment } from '../support/presented-payment.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

jest.setTimeout(180_000);

const stack = sharedStack();
const { services, prepareClient, completed } = ground(stack);
const { attentes, factures, kpis, mandats, payments, relances } = services;
const alertes = stack.client('dashboard', AlertesServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);
const taches = stack.client('activites', TacheServiceService);
/** As the workflow that runs by the clock. */
const worker = stack.client('relance', RelanceServiceService, 'service:workers');

afterAll(() => stack.close());

const { PROMESSE, LITIGE, ECHEANCIER, SUR_ACCORD } = GenreAttente;
const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const AMOUNT = 10_000n;
const inDays = (days: number) => addDays(todayInParis(), days);

/** A client of an organisation with a level for each delay after the due date. */
async function debtor(...delays: string[]) {
  const email = uniqueAddress();
  const whose = await prepareClient({ email });
  for (const [index, delai] of delays.entries())
    await regles.create({
      organisationId: whose.organisationId,
      ...{ niveau: index + 1, base: BaseRelance.DATE_ECHEANCE, delai, modele: 'rappel', ...ALWAYS },
    });
  return { ...whose, email };
}
type Debtor = Awaited<ReturnType<typeof debtor>>;

/** Invoices that are not due yet. */
async function invoicesOf({ organisationId, clientId }: Debtor, count: number) {
  const invoices = [];
  for (let number = 0; number < count; number += 1) {
    const dates = { dateFacture: inDays(-40), dateEcheance: inDays(60) };
    const invoice = await factures.create({ organisationId, clientId, montant: AMOUNT, ...dates });
    await until('the plan', () => relances.get({ id: invoice.id }));
    invoices.push(invoice);
  }
  return invoices;
}

/** Moves the due date into the past: levels are due now. */
const becomeDue = async (id: string, late = 2) => factures.update({ id, dateEcheance: inDays(-late) });

const ids = (all: { id: string }[]) => all.map(({ id }) => id);
const pay = async ({ organisationId, clientId }: Debtor, invoiceId: string, montant = AMOUNT) => {
  const payment = await payments.create({ organisationId, clientId, invoiceId, montant });
  await payments.confirm({ id: payment.id });
};
const reminders = async ({ email }: Debtor) =>
  (await stack.mailsTo(email)).filter(({ subject }) => /rappel/.test(subject));
const tasks = async ({ clientId }: Debtor) => {
  const { taches: all } = await taches.listByClient({ clientId });
  return all.filter(({ origine }) => origine.startsWith('attente/'));
};
const actions = async (invoiceId: string) =>
  (await historique.list({ invoiceId })).historique
    .toReversed()
    .map(({ action, niveau }) => `${action} ${niveau}`);
const resultat = async (id: string) => (await attentes.get({ id })).resultat;
/** Waits until the workflow has looked, and left the level for later. */
const held = (id: string) =>
  until('the level to be held back', async () => {
    const relance = await relances.get({ id });
    return relance.attente !== '' && relance.prochaineAt!.getTime() > Date.now() ? relance : undefined;
  });
/** Judges what is to be judged, as the Schedule does every hour. */
async function judge() {
  let pageToken = '';
  do {
    ({ nextPageToken: pageToken } = await attentes.juger({ pageToken }));
  } while (pageToken);
}

test('one promise holds twelve invoices, and no figure; broken: one task, and one reminder of each that is left', async () => {
  const client = await debtor('P1D');
  const invoices = await invoicesOf(client, 12);
  const { organisationId, clientId } = client;
  const day = inDays(10);
  const promise = {
    ...{ clientId, organisationId, genre: PROMESSE, invoiceIds: ids(invoices) },
    ...{ jusquAu: day, motif: 'promis par téléphone', origine: unique('appel') },
  };
  const [hold, ...repeats] = await Promise.all([1, 2, 3].map(() => attentes.create(promise)));
  for (const one of repeats) expect(one.id).toBe(hold!.id);
  const libelle = `promesse de 1${'\u00a0'}200,00${'\u00a0'}€ pour le ${formatDate(day)} (par alice)`;
  expect(hold).toMatchObject({
    ...{ montant: 12n * AMOUNT, jusquAu: day, graceJours: 2, libelle, auteur: 'alice' },
    ...{ resultat: 'RESULTAT_ATTENTE_UNSPECIFIED', echeances: [{ date: day, montant: 12n * AMOUNT }] },
  });

  for (const { id } of invoices) await becomeDue(id);
  const plans = await Promise.all(invoices.map(({ id }) => held(id)));
  // planned for when the promised day is over, not looked at again every hour
  for (const { attente, attenteFinAt, prochaineAt } of plans) {
    expect(attente).toBe(libelle);
    expect(attenteFinAt).toEqual(prochaineAt);
    expect(prochaineAt!.toLocaleDateString('sv-SE', { timeZone: 'Europe/Paris' })).toBe(addDays(day, 1));
  }
  expect(await refusalOf(relances.sendNow({ id: invoices[0]!.id }))).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'RELANCE_RETENUE' },
    message: expect.stringContaining(libelle) as string,
  });

  // neither does a command end it
  await relances.pause({ id: invoices[0]!.id, motif: 'x' });
  expect((await relances.resume({ id: invoices[0]!.id, motif: 'x' })).prochaineAt).toEqual(
    plans[0]!.prochaineAt,
  );

  // every figure has the held amounts
  const { echeances } = await relances.agenda({ clientId });
  const mails = echeances.filter(({ genre }) => genre === 'MAIL_RELANCE');
  expect(mails.map(({ montant, attente }) => [montant, attente])).toEqual(
    invoices.map(() => [AMOUNT, libelle]),
  );
  expect(echeances.filter(({ genre }) => genre === 'PROMESSE_ATTENDUE')).toMatchObject([
    {
      ...{ libelle: 'Paiement promis pour 12 factures', montant: 12n * AMOUNT, attenteId: hold!.id },
      ...{ pourquoi: `${libelle}: promis par téléphone`, jourEntier: true, enRetard: false },
    },
  ]);
  const { alertes: overdue } = await alertes.getAlertes({ organisationId });
  expect(overdue.reduce((sum, { montant }) => sum + montant, 0n)).toBe(12n * AMOUNT);
  const { invoices: open } = await factures.list({ clientId, echuesAvant: todayInParis() });
  expect(open.reduce((sum, { restantDu }) => sum + restantDu, 0n)).toBe(12n * AMOUNT);
  await until('the revenue', async () => (await kpis.getKpis({ organisationId })).nombreFactures === 12n);
  expect((await kpis.getKpis({ organisationId })).chiffreAffaires).toBe(12n * AMOUNT);

  // four are paid in time, and the promise is not kept by that
  for (const { id } of invoices.slice(0, 4)) await pay(client, id);
  for (const { id } of invoices.slice(0, 4)) await completed(relanceWorkflowId(id));
  await judge();
  expect(await resultat(hold!.id)).toBe('RESULTAT_ATTENTE_UNSPECIFIED');
  expect(await reminders(client)).toEqual([]);

  // the promised day is over, then the days of grace
  await letDaysPass(stack, hold!.id, 11);
  await judge();
  expect(await resultat(hold!.id)).toBe('RESULTAT_ATTENTE_UNSPECIFIED');
  await letDaysPass(stack, hold!.id, 7);
  await Promise.all([judge(), judge(), relances.agenda({ clientId })]);
  expect(await attentes.get({ id: hold!.id })).toMatchObject({
    ...{ resultat: 'ATTENTE_ROMPUE', leveePar: 'Suivi' },
    leveeMotif: expect.stringMatching(/^promesse non tenue: 400,00.€ reçus sur 1.200,00.€/) as string,
  });
  for (const { id } of invoices.slice(4)) await completed(relanceWorkflowId(id));
  const [task, ...others] = await until('the task', async () => {
    const made = await tasks(client);
    return made.length > 0 && made;
  });
  expect(others).toEqual([]);
  expect(task).toMatchObject({ assigneA: client.gestionnaireId, titre: 'Promesse non tenue: Zoé Martin' });
  expect(task!.description).toContain('promis par téléphone');
  for (const [index, { numero }] of invoices.entries())
    expect(task!.description.includes(numero)).toBe(index >= 4);
  expect(await reminders(client)).toHaveLength(8);
  for (const [index, { id }] of invoices.entries())
    expect(await actions(id)).toEqual([
      ...['PLANIFICATION 0', 'ATTENTE 0', 'ECHEANCE_MODIFIEE 0'],
      ...(index === 0 ? ['PAUSE 0', 'REPRISE 0'] : []),
      ...(index < 4 ? ['SOLDE 0'] : ['LEVEE 0', 'ENVOI 1']),
    ]);
  const { historique: lines } = await historique.list({ invoiceId: invoices[11]!.id });
  expect(lines.find(({ action }) => action === 'ATTENTE')).toMatchObject({
    ...{ auteur: 'alice', motif: 'promis par téléphone', detail: libelle },
  });
  // the same call again, weeks later, begins nothing
  for (const whose of [{}, { organisationId: '', clientId: '' }])
    expect((await attentes.create({ ...promise, ...whose })).resultat).toBe('ATTENTE_ROMPUE');
});

test('kept: settled at once, without anybody looking; or what was promised came, and the rest is reminded of after the day', async () => {
  const client = await debtor('P1D');
  const { clientId } = client;
  const [settled, part] = await invoicesOf(client, 2);
  const promise = { genre: PROMESSE, jusquAu: inDays(3), motif: 'promis' };
  const whole = await attentes.create({ ...promise, invoiceIds: [settled!.id] });
  expect(whole).toMatchObject({ clientId, montant: AMOUNT });
  await pay(client, settled!.id);
  const kept = { resultat: 'ATTENTE_TENUE', leveeMotif: 'promesse tenue: tout est réglé' };
  await until('kept', async () => (await resultat(whole.id)) === 'ATTENTE_TENUE');
  expect(await attentes.get({ id: whole.id })).toMatchObject(kept);

  // of the whole client, of a part of what is left; money of before the promise does not count
  await pay(client, part!.id, 1_000n);
  const partly = await attentes.create({
    ...promise,
    clientId,
    montant: 5_000n,
    organisationId: client.organisationId,
  });
  expect(partly).toMatchObject({ invoiceIds: [], montant: 5_000n });
  await becomeDue(part!.id);
  await held(part!.id);
  await pay(client, part!.id, 4_999n);
  await pay(client, part!.id, 1n);
  await held(part!.id);
  expect(await reminders(client)).toEqual([]);
  await letDaysPass(stack, partly.id, 4);
  // a reader notices as well
  expect(await attentes.get({ id: partly.id })).toMatchObject({
    ...{ resultat: 'ATTENTE_TENUE', leveeMotif: 'promesse tenue: 50,00\u00a0€ reçus' },
  });
  await completed(relanceWorkflowId(part!.id));
  expect(await reminders(client)).toHaveLength(1);
  expect(await tasks(client)).toEqual([]);
  const { attentes: listed } = await attentes.list({ clientId, resultat: ResultatAttente.ATTENTE_TENUE });
  expect(ids(listed)).toEqual([partly.id, whole.id]);
});

test('a promise is about what was open when it was made, and waits for a debit that the bank has', async () => {
  const client = await debtor('P1D');
  const { organisationId, clientId } = client;
  const [paid, credited] = await invoicesOf(client, 2);
  const promise = { organisationId, clientId, genre: PROMESSE, motif: 'promis', jusquAu: inDays(2) };
  const whole = await attentes.create(promise);
  const [later] = await invoicesOf(client, 1);
  await factures.createCreditNote({ invoiceId: credited!.id, motif: 'annulée' });
  await pay(client, paid!.id);
  await until('kept', async () => (await resultat(whole.id)) === 'ATTENTE_TENUE');

  // what a person marks as paid was received
  const [byCheque, rest] = await invoicesOf(client, 2);
  const marked = await attentes.create({ ...promise, montant: AMOUNT });
  await factures.markAsPaid({ id: byCheque!.id });
  await letDaysPass(stack, marked.id, 9);
  await judge();
  expect(await attentes.get({ id: marked.id })).toMatchObject({
    resultat: 'ATTENTE_TENUE',
    leveeMotif: expect.stringMatching(/^promesse tenue: 100,00.€ reçus/) as string,
  });
  await factures.markAsPaid({ id: rest!.id });

  // the debit was for the promised day, and the bank has not answered yet
  const { id: debit } = await presentedPayment(
    { mandates: mandats, payments },
    { organisationId, clientId, invoiceId: later!.id, montant: AMOUNT },
  );
  await stack.sql('UPDATE payments.payments SET date_prevue = $2 WHERE id = $1', debit, inDays(-7));
  const debited = await attentes.create(promise);
  await letDaysPass(stack, debited.id, 9);
  await judge();
  expect(await resultat(debited.id)).toBe('RESULTAT_ATTENTE_UNSPECIFIED');
  await payments.reject({ id: debit, motifRejet: 'MD01' });
  await letDaysPass(stack, debited.id, 1);
  await judge();
  expect(await resultat(debited.id)).toBe('ATTENTE_ROMPUE');
  // the task says what is left, also of a whole client
  const [task] = await until('the task', async () => {
    const made = await tasks(client);
    return made.length > 0 && made;
  });
  expect(task!.description).toContain(`Reste dû: ${later!.numero}: 100,00`);
});

test('instalments: the second one is missed, a returned debit is not received; of the levels of meanwhile one goes out', async () => {
  const client = await debtor('P1D', 'P30D');
  const [invoice] = await invoicesOf(client, 1);
  const echeances = [3, 33, 63].map((days) => ({ date: inDays(days), montant: 3_000n }));
  const hold = await attentes.create({
    ...{ invoiceIds: [invoice!.id], genre: ECHEANCIER, echeances, graceJours: 0, motif: 'accordé' },
  });
  expect(hold).toMatchObject({ montant: 9_000n, jusquAu: inDays(63), echeances });
  expect(hold.libelle).toContain('échéancier de 90,00\u00a0€ en 3 fois, échéance de 30,00\u00a0€ le');
  await becomeDue(invoice!.id, 31);
  await pay(client, invoice!.id, 3_000n);
  await letDaysPass(stack, hold.id, 4);
  await judge();
  expect(await resultat(hold.id)).toBe('RESULTAT_ATTENTE_UNSPECIFIED');
  // planned for when the second one is over
  await until('the next instalment', async () => {
    const { attenteFinAt } = await relances.replanifier({ id: invoice!.id });
    return attenteFinAt && attenteFinAt.getTime() > Date.now() + 25 * 86_400_000;
  });
  const { echeances: lines } = await relances.agenda({ clientId: client.clientId });
  expect(lines.flatMap(({ genre, libelle }) => (genre === 'PROMESSE_ATTENDUE' ? [libelle] : []))).toEqual(
    [2, 3].map((number) => `Échéance ${number}/3 promise pour la facture ${invoice!.numero}`),
  );
  const { id } = await payments.create({
    ...{ organisationId: client.organisationId, clientId: client.clientId },
    ...{ invoiceId: invoice!.id, montant: 3_000n },
  });
  await payments.confirm({ id });
  await payments.reject({ id, motifRejet: 'MD06', retourBancaire: true });
  await letDaysPass(stack, hold.id, 30);
  await judge();
  expect(await attentes.get({ id: hold.id })).toMatchObject({
    resultat: 'ATTENTE_ROMPUE',
    leveeMotif: expect.stringMatching(/^promesse non tenue: 30,00.€ reçus sur 60,00.€ promis/) as string,
  });
  await completed(relanceWorkflowId(invoice!.id));
  expect(await reminders(client)).toHaveLength(1);
  expect((await actions(invoice!.id)).slice(-3)).toEqual(['LEVEE 0', 'SAUT 1', 'ENVOI 2']);
  expect(await tasks(client)).toHaveLength(1);
});

test('a dispute of one invoice holds that one, until somebody ends it or its last day is over, with a task', async () => {
  const client = await debtor('P1D');
  const { clientId, organisationId } = client;
  const [disputed, other, third, settled] = await invoicesOf(client, 4);
  const created = await ops(
    stack,
    ...['holds', 'create', 'litige', '--org', organisationId, '--invoice', disputed!.numero],
    ...['--why', 'livraison incomplète'],
  );
  const id = /[0-9a-f-]{36}/.exec(created.output)![0];
  expect(created.output).toContain(
    `litige: livraison incomplète (par chef), Zoé Martin, ${disputed!.numero}`,
  );
  const timed = await attentes.create({
    ...{ invoiceIds: [third!.id], genre: LITIGE, motif: 'avoir demandé', jusquAu: inDays(5) },
  });
  for (const one of [disputed!, other!, third!]) await becomeDue(one.id);
  await completed(relanceWorkflowId(other!.id));
  // nobody knows when it ends: looked at again within the hour
  expect((await held(disputed!.id)).prochaineAt!.getTime()).toBeLessThan(Date.now() + 3_700_000);
  expect((await held(third!.id)).attente).toContain(`litige jusqu’au ${formatDate(inDays(5))}: avoir`);
  expect(await reminders(client)).toHaveLength(1);

  const listed = await ops(stack, 'holds', 'list', '--invoice', disputed!.numero, '--org', organisationId);
  expect(listed.output).toContain(id);
  expect(listed.output).not.toContain(timed.id);
  await ops(stack, 'holds', 'lift', id, '--why', 'tranché');
  await completed(relanceWorkflowId(disputed!.id));
  expect(await actions(disputed!.id)).toEqual(
    ['PLANIFICATION', 'ATTENTE', 'ECHEANCE_MODIFIEE', 'LEVEE'].map((one) => `${one} 0`).concat('ENVOI 1'),
  );
  expect(await tasks(client)).toEqual([]);

  // of an invoice that is settled by then, there is nothing to do
  const needless = await attentes.create({
    ...{ invoiceIds: [settled!.id], genre: LITIGE, motif: 'avoir demandé', jusquAu: inDays(5) },
  });
  await factures.createCreditNote({ invoiceId: settled!.id, motif: 'litige fondé' });
  for (const one of [timed, needless]) await letDaysPass(stack, one.id, 6);
  await judge();
  expect(await resultat(needless.id)).toBe('ATTENTE_EXPIREE');
  await completed(relanceWorkflowId(third!.id));
  expect(await resultat(timed.id)).toBe('ATTENTE_EXPIREE');
  expect(await tasks(client)).toMatchObject([{ titre: 'Fin de l’attente: Zoé Martin' }]);
  expect(await reminders(client)).toHaveLength(3);
  const { attentes: disputes } = await attentes.list({ clientId, genre: LITIGE });
  expect(ids(disputes)).toEqual([needless.id, timed.id, id]);
});

test('“ask me first”: a level that becomes due is a task, once; SendNow sends it, and the next one asks again', async () => {
  const client = await debtor('P1D', 'P30D');
  const { clientId, organisationId } = client;
  const [invoice] = await invoicesOf(client, 1);
  const { id } = invoice!;
  const hold = await attentes.create({
    organisationId,
    clientId,
    genre: SUR_ACCORD,
    motif: 'client stratégique',
  });
  await becomeDue(id);
  expect((await held(id)).attente).toBe('relance sur accord: client stratégique (par alice)');
  const [asked] = await until('the question', async () => {
    const made = await tasks(client);
    return made.length > 0 && made;
  });
  expect(asked).toMatchObject({
    ...{ titre: `Relancer Zoé Martin ? Facture ${invoice!.numero}`, assigneA: client.gestionnaireId },
  });
  await relances.replanifier({ id });
  await relances.replanifier({ id });
  expect(await tasks(client)).toHaveLength(1);
  expect(await reminders(client)).toEqual([]);

  await relances.sendNow({ id, motif: 'oui' });
  await until('the reminder', async () => (await reminders(client)).length === 1);
  expect((await relances.get({ id })).prochainNiveau).toBe(2);
  await becomeDue(id, 31);
  await until('the second question', async () => (await tasks(client)).length === 2);
  await held(id);
  expect(await reminders(client)).toHaveLength(1);
  await attentes.lever({ id: hold.id, motif: 'plus besoin' });
  await completed(relanceWorkflowId(id));
  expect(await reminders(client)).toHaveLength(2);
});

test('a hold of a client is of the client’s own organisation, if none is said', async () => {
  const client = await debtor('P1D');
  const { organisationId, clientId } = client;
  const [invoice] = await invoicesOf(client, 1);
  const dispute = { clientId, genre: LITIGE, motif: 'x', origine: unique('appel') };
  const hold = await attentes.create(dispute);
  expect(hold.organisationId).toBe(organisationId);
  expect((await relances.get({ id: invoice!.id })).attente).toBe(hold.libelle);
  await attentes.lever({ id: hold.id, motif: 'x' });
  expect((await attentes.create(dispute)).resultat).toBe('ATTENTE_LEVEE');

  // nor does its other name hold something else
  const { id: otherName } = await services.organisations.get({ id: organisationId });
  for (const whose of [{ clientId }, { invoiceIds: [invoice!.id] }]) {
    const named = await attentes.create({ ...whose, genre: LITIGE, motif: 'x', organisationId: otherName });
    expect(named.organisationId).toBe(organisationId);
    expect((await relances.get({ id: invoice!.id })).attente).toBe(named.libelle);
    await attentes.lever({ id: named.id, motif: 'x' });
  }
});

test('every fault of a hold is named at once', async () => {
  const client = await debtor('P1D');
  const other = await debtor('P1D');
  const [own, settled] = await invoicesOf(client, 2);
  const [foreign] = await invoicesOf(other, 1);
  await factures.markAsPaid({ id: settled!.id });
  const { organisationId, clientId } = client;
  const promise = { organisationId, clientId, genre: PROMESSE, motif: 'x', jusquAu: inDays(1) };
  const faults = async (request: object) => {
    const { code, violations } = await refusalOf(attentes.create({ ...promise, ...request }));
    return [code, ...violations.map(({ field }) => field)];
  };
  const unknown = unique('facture');
  const invoiceIds = [own!.id, settled!.id, foreign!.id];
  expect(
    await faults({ invoiceIds, jusquAu: inDays(-1), echeances: [{ date: inDays(1), montant: 1n }] }),
  ).toEqual([...['INVALID_ARGUMENT', 'echeances', 'jusquAu'], ...['invoiceIds[1]', 'invoiceIds[2]']]);
  expect(await faults({ invoiceIds: [unknown, foreign!.id], jusquAu: '' })).toEqual([
    ...['NOT_FOUND', 'invoiceIds[0]', 'jusquAu', 'invoiceIds[1]'],
  ]);
  expect(await faults({ invoiceIds: [own!.id], montant: AMOUNT + 1n })).toEqual([
    'INVALID_ARGUMENT',
    'montant',
  ]);
  expect(await faults({ jusquAu: inDays(400) })).toEqual(['INVALID_ARGUMENT', 'jusquAu']);
  expect(await faults({ clientId: '' })).toEqual(['INVALID_ARGUMENT', 'clientId']);
  expect(await faults({ genre: ECHEANCIER, montant: 5n })).toEqual([
    ...['INVALID_ARGUMENT', 'echeances', 'jusquAu', 'montant'],
  ]);
  const twice = [1, 1].map((days) => ({ date: inDays(days), montant: 1n }));
  expect(await faults({ genre: ECHEANCIER, jusquAu: '', echeances: twice })).toEqual([
    ...['INVALID_ARGUMENT', 'echeances[1].date'],
  ]);
  expect(await faults({ genre: LITIGE, jusquAu: '', graceJours: 1, montant: 5n })).toEqual([
    ...['INVALID_ARGUMENT', 'montant', 'graceJours'],
  ]);
  expect(await faults({ genre: LITIGE, jusquAu: '', clientId: unique('none') })).toEqual([
    'NOT_FOUND',
    'clientId',
  ]);
  const { violations } = await refusalOf(attentes.create({ ...promise, invoiceIds: [own!.id, foreign!.id] }));
  expect(violations[0]!.description).toContain(foreign!.numero);
  const dispute = { organisationId, clientId, genre: LITIGE, motif: 'x' };
  const tacheId = unique('tache');
  expect((await refusalOf(attentes.create({ ...dispute, tacheId }))).violations[0]!.field).toBe('tacheId');
  // the same origine is for the same hold: another client or invoice would not be held, and nobody would know
  const origine = unique('appel');
  await attentes.create({ ...dispute, origine, invoiceIds: [own!.id] });
  for (const others of [{}, { clientId: other.clientId }, { invoiceIds: [own!.id], genre: SUR_ACCORD }])
    expect((await refusalOf(attentes.create({ ...dispute, origine, ...others }))).code).toBe(
      'ALREADY_EXISTS',
    );
  const wrong = await ops(
    stack,
    'holds',
    'create',
    'promesse',
    '--invoice',
    own!.id,
    '--why',
    'x',
    '--amount',
    '12,345',
  );
  expect(wrong.output).toContain('12,345');
});

test('a list by state goes by the state that is shown; a history by the id of something else is none', async () => {
  const client = await debtor('P30D');
  const { clientId } = client;
  const [forever, over, running] = await invoicesOf(client, 3);
  await relances.pause({ id: forever!.id, motif: 'x' });
  await relances.pause({ id: over!.id, motif: 'x', jusquAu: inDays(2) });
  await stack.sql(
    'UPDATE relance.relances SET pause_jusqu_au = $2 WHERE invoice_id = $1',
    over!.id,
    todayInParis(),
  );
  const shown = async (statut: StatutRelance) =>
    (await relances.list({ clientId, statut })).relances.map((one) => [one.invoiceId, one.statut]);
  expect(await shown(StatutRelance.EN_ATTENTE)).toEqual(
    [running!, over!].map(({ id }) => [id, 'EN_ATTENTE']),
  );
  expect(await shown(StatutRelance.EN_PAUSE)).toEqual([[forever!.id, 'EN_PAUSE']]);

  const { id: relanceId } = await relances.get({ id: running!.id });
  expect((await historique.list({ relanceId })).historique).toHaveLength(1);
  expect((await historique.list({ clientId: (await debtor()).clientId })).historique).toEqual([]);
  for (const wrong of [
    { relanceId: running!.id },
    { relanceId: clientId },
    { invoiceId: relanceId },
    { clientId: running!.id },
    { relanceId, invoiceId: clientId },
  ])
    expect((await refusalOf(historique.list(wrong))).code).toBe('NOT_FOUND');
  await worker.recordProgress({ id: relanceId, action: ActionRelance.ANNULATION, motif: 'x' });
});

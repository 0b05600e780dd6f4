import { todayInParis } from '@crm/domain';
import { StatutTache, TacheServiceService } from '@crm/proto/activites/activites';
import { GenreAttente } from '@crm/proto/relance/attentes';
import {
  CanalRelance,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RelanceServiceService,
  type CreateRegleRelanceRequest,
} from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { Temporal } from 'temporal-polyfill';
import { ground } from '../support/ground.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const { services, prepareClient, completed } = ground(stack);
const { factures, relances, emails } = services;
const taches = stack.client('activites', TacheServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);
/** As the workers call. */
const worker = stack.client('relance', RelanceServiceService, 'service:workers');

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
const day = (days: number) => Temporal.PlainDate.from(todayInParis()).add({ days }).toString();
const plain = (text: string) => text.replaceAll('\u00a0', ' ');

/** An invoice that is overdue by ten days, whose levels come in a month: a person asks for them. */
async function overdue(levels: Partial<CreateRegleRelanceRequest>[], client: object = {}) {
  const whose = await prepareClient(client);
  const { organisationId, clientId } = whose;
  for (const [index, level] of levels.entries())
    await regles.create({ organisationId, niveau: index + 1, delai: `P${70 + index}D`, ...ALWAYS, ...level });
  const issue = async () => {
    const dates = { dateFacture: day(-40), dateEcheance: day(-10) };
    const { id, numero } = await factures.create({ organisationId, clientId, montant: 12_000n, ...dates });
    await until('the plan', () => relances.get({ id }));
    return { id, numero };
  };
  return { ...whose, issue, ...(await issue()) };
}

const tasksOf = async ({ organisationId, clientId }: { organisationId: string; clientId: string }) =>
  (await taches.list({ organisationId, clientId })).taches
    .filter(({ origine }) => origine.startsWith('relance/'))
    .reverse();
const actions = async (invoiceId: string) =>
  (await historique.list({ invoiceId })).historique
    .reverse()
    .map(({ action, niveau, motif }) => `${action} ${niveau} ${motif}`.trim());
/** Asks for the next level, and waits until it is done. */
async function sendNow(id: string, niveau: number) {
  await relances.sendNow({ id, motif: 'essai' });
  return await until(`level ${niveau}`, async () => {
    const relance = await relances.get({ id });
    return relance.prochainNiveau === niveau ? undefined : relance;
  });
}

test('a mail, a call and a letter: the agenda says which, each is done once, and the history says what was done', async () => {
  const levels = [{}, { canal: CanalRelance.APPEL }, { canal: CanalRelance.LETTRE }];
  const company = { raisonSociale: 'Le Fournil SARL', prenom: 'Paul', nom: 'Marc', telephone: '0612345678' };
  const client = await overdue(levels, company);
  const { id, numero, gestionnaireId } = client;
  const { envois } = await relances.preview({ ...client, dateFacture: day(-40), dateEcheance: day(-10) });
  expect(envois.map(({ canal, modele }) => [canal, modele])).toEqual([
    ['COURRIEL', 'rappel'],
    ['APPEL', ''],
    ['LETTRE', 'mise-en-demeure'],
  ]);
  const { echeances } = await relances.agenda({ clientId: client.clientId });
  const lines = echeances.filter(({ invoiceId }) => invoiceId === id);
  expect(
    lines.map(({ genre, libelle, pourquoi }) => [genre, libelle, /\((.*?)\)/.exec(pourquoi)![1]]),
  ).toEqual([
    ['MAIL_RELANCE', `Relance J+70 de la facture ${numero}`, 'rappel'],
    ['APPEL_RELANCE', `Relance par téléphone J+71 de la facture ${numero}`, 'appel'],
    ['LETTRE_RELANCE', `Mise en demeure par lettre J+72 de la facture ${numero}`, 'lettre'],
  ]);

  await sendNow(id, 1);
  // as an attempt that died before its record has left it
  const { organisationId, clientId } = client;
  const origine = `relance/${id}/2/1/appel`;
  const first = await taches.create({ organisationId, clientId, titre: 'Appeler', origine });
  await sendNow(id, 2);
  await sendNow(id, 3);
  await completed(relanceWorkflowId(id));
  expect(await actions(id)).toEqual([
    'PLANIFICATION 0',
    'ENVOI_DEMANDE 1 essai',
    'ENVOI 1',
    'ENVOI_DEMANDE 2 essai',
    'TACHE_RELANCE 2 appel à passer',
    'ENVOI_DEMANDE 3 essai',
    'TACHE_RELANCE 3 lettre à poster',
  ]);
  const [call, letter, ...more] = await tasksOf(client);
  expect(more).toEqual([]);
  expect(call).toEqual(first);
  expect(letter).toMatchObject({
    titre: `Poster la mise en demeure de la facture ${numero} à Le Fournil SARL`,
    ...{ assigneA: gestionnaireId, origine: `relance/${id}/3/1/courrier` },
  });
  expect(plain(letter!.description)).toMatch(/doit encore 120,00 € .*\(10 jours de retard\)/);
  expect(letter!.description).toMatch(/Déjà fait\s: rappel le .*, appel le /);
  const relance = await relances.get({ id });
  expect(relance.niveaux.map(({ envoyeeAt, motifSaut }) => [envoyeeAt !== undefined, motifSaut])).toEqual(
    Array.from({ length: 3 }, () => [true, '']),
  );
  const { emails: sent } = await emails.getEmails({ clientId });
  expect(sent.filter(({ modele }) => ['rappel', 'relance', 'mise-en-demeure'].includes(modele))).toHaveLength(
    1,
  );
}, 120_000);

test('tasks of an invoice end with it: when it is paid, marked as paid or credited, and not before', async () => {
  const call = { canal: CanalRelance.APPEL };
  const client = await overdue([call, call], { telephone: '0612345678' });
  const others = [await client.issue(), await client.issue(), await client.issue()];
  const [paid, marked, credited] = others as [typeof client, typeof client, typeof client];
  for (const { id } of others) await sendNow(id, 1);
  // the last level was a call: its reminders have ended before
  await sendNow(marked.id, 2);
  await completed(relanceWorkflowId(marked.id));
  const { id: holdId } = await services.attentes.create({
    ...{ invoiceIds: [credited.id], genre: GenreAttente.SUR_ACCORD, motif: 'demander avant' },
  });
  const asked = { organisationId: client.organisationId, clientId: client.clientId, titre: 'Relancer ?' };
  const reminders = await relances.get({ id: credited.id });
  await taches.create({ ...asked, origine: `attente/${holdId}/${reminders.id}/2/1` });
  const own = await taches.create({ ...asked, titre: 'Une tâche à soi' });
  const open = async () =>
    (await taches.list({ ...client, statut: StatutTache.UNSPECIFIED, ouvertes: true })).taches.map(
      ({ titre }) => titre,
    );
  expect(await open()).toHaveLength(6);

  const payment = { clientId: client.clientId, organisationId: client.organisationId, invoiceId: paid.id };
  const { id: paymentId } = await services.payments.create({ ...payment, montant: 11_999n });
  await services.payments.confirm({ id: paymentId });
  const { id: rest } = await services.payments.create({ ...payment, montant: 1n });
  await services.payments.confirm({ id: rest });
  await until('the end of the task of what was paid', async () => (await open()).length === 5);
  await factures.markAsPaid({ id: marked.id, motif: 'par chèque' });
  await until('the end of the tasks of what is marked as paid', async () => (await open()).length === 3);
  await factures.createCreditNote({ invoiceId: credited.id, motif: 'geste' });
  await until('the end of the tasks of what was credited', async () => (await open()).length === 1);
  expect(await open()).toEqual([own.titre]);
  const [ended] = (await taches.list({ ...client, origineDebut: `relance/${credited.id}/` })).taches;
  expect(ended).toMatchObject({ statut: 'ANNULEE', note: 'facture annulée par avoir' });
}, 120_000);

test('a call says whom to call and what to ask for, and other reminders keep their distance from it', async () => {
  const call = { canal: CanalRelance.APPEL, espacement: 'PT24H' };
  const client = await overdue([call], { telephone: '0612345678' });
  const other = await client.issue();
  await sendNow(client.id, 1);
  const [task, ...more] = await tasksOf(client);
  expect(more).toEqual([]);
  expect(task).toMatchObject({
    titre: `Appeler Zoé Martin au sujet de la facture ${client.numero}`,
    ...{ assigneA: client.gestionnaireId, statut: 'A_FAIRE' },
  });
  expect(plain(task!.description)).toMatch(/Téléphone : 0612345678\.\nZoé Martin doit encore 120,00 €/);
  await relances.sendNow({ id: other.id, motif: 'essai' });
  const moved = await until('the distance', async () => {
    const { prochaineAt } = await relances.get({ id: other.id });
    return (
      prochaineAt!.getTime() > Date.now() + 23 * 3_600_000 &&
      prochaineAt!.getTime() < Date.now() + 25 * 3_600_000
    );
  });
  expect(moved).toBe(true);
  expect(await tasksOf(client)).toHaveLength(1);
}, 120_000);

test('a client without a usable address is a task, for whoever looks after them or for nobody', async () => {
  for (const email of ['', uniqueAddress()]) {
    const client = await overdue([{ modele: 'relance' }], { email });
    if (email) {
      const refusal = { clientId: client.clientId, adresse: email, raison: '550 5.1.1 no such mailbox' };
      await stack.sql(
        `UPDATE clients.clients SET email_statut = 'ADRESSE_REFUSEE', email_refuse_raison = $2 WHERE id = $1`,
        refusal.clientId,
        refusal.raison,
      );
    }
    if (!email)
      await stack.sql(`UPDATE clients.clients SET gestionnaire_id = '' WHERE id = $1`, client.clientId);
    await sendNow(client.id, 1);
    await completed(relanceWorkflowId(client.id));
    const why = email
      ? 'l’adresse e-mail du client est refusée : 550 5.1.1 no such mailbox'
      : 'le client n’a pas d’adresse e-mail';
    expect((await actions(client.id)).map(plain).at(-1)).toBe(`TACHE_RELANCE 1 ${why}`);
    const [task, ...more] = await tasksOf(client);
    expect(more).toEqual([]);
    expect(task).toMatchObject({
      titre: `Relancer Zoé Martin autrement que par courriel, au sujet de la facture ${client.numero}`,
      assigneA: email ? client.gestionnaireId : '',
    });
    expect(plain(task!.description)).toContain(`n’a pas pu partir : ${why}`);
    expect(plain((await relances.get({ id: client.id })).niveaux[0]!.motifSaut)).toBe(why);
  }
}, 120_000);

test('a reminder that comes back is a task, once', async () => {
  const client = await overdue([{}], { email: uniqueAddress() });
  await sendNow(client.id, 1);
  const { emails: sent } = await emails.getEmails({ clientId: client.clientId });
  const mail = sent.find(({ modele }) => modele === 'rappel')!;
  expect(await tasksOf(client)).toEqual([]);
  const bounce = { destinataire: mail.destinataire, messageId: mail.messageId };
  await emails.recordBounce({ ...bounce, code: '5.1.1', diagnostic: '550 5.1.1 no such mailbox' });
  await emails.recordBounce({ ...bounce, code: '5.1.1', diagnostic: '550 5.1.1 no such mailbox' });
  const [task, ...more] = await tasksOf(client);
  expect(more).toEqual([]);
  expect(task).toMatchObject({
    titre: 'Relancer Zoé Martin autrement que par courriel',
    ...{ assigneA: client.gestionnaireId, origine: `relance/${client.id}/1/1/sans-adresse` },
  });
  expect(plain(task!.description)).toContain(`« ${plain(mail.sujet)} »`);
  expect(task!.description).toContain('550 5.1.1 no such mailbox. Corrigez');
}, 120_000);

test('a formal notice that comes back is a letter to post', async () => {
  const client = await overdue([{ modele: 'mise-en-demeure' }], { email: uniqueAddress() });
  await sendNow(client.id, 1);
  const { emails: sent } = await emails.getEmails({ clientId: client.clientId });
  const { destinataire, messageId } = sent.find(({ modele }) => modele === 'mise-en-demeure')!;
  await emails.recordBounce({
    destinataire,
    messageId,
    code: '5.1.1',
    diagnostic: '550 5.1.1 no such mailbox',
  });
  const [task] = await tasksOf(client);
  expect(task).toMatchObject({
    titre: 'Poster la mise en demeure à Zoé Martin',
    origine: `relance/${client.id}/1/1/courrier`,
  });
  expect(task!.description).toContain(`DownloadMiseEnDemeurePdf, id ${client.id}.`);
});

test('a rule is told all its faults at once; its template follows its channel', async () => {
  const organisationId = unique('org');
  const { APPEL, LETTRE, COURRIEL } = CanalRelance;
  const faults = async (answer: Promise<unknown>) =>
    (await refusalOf(answer)).violations.map(({ field }) => field);
  const night = { ouverture: '19:00', fermeture: '09:00' };
  expect(await faults(regles.create({ organisationId, canal: APPEL, modele: 'rappel', ...night }))).toEqual([
    'fermeture',
    'modele',
  ]);
  expect(await faults(regles.create({ organisationId, canal: LETTRE, modele: 'rappel' }))).toEqual([
    'modele',
  ]);
  const { id } = await regles.create({ organisationId, canal: APPEL });
  expect(await faults(regles.update({ id, modele: 'relance', ...night }))).toEqual(['fermeture', 'modele']);
  for (const [change, modele] of [
    [{ delai: 'P3D' }, ''],
    [{ canal: COURRIEL }, 'rappel'],
    [{ modele: 'relance' }, 'relance'],
    [{ canal: LETTRE }, 'mise-en-demeure'],
    [{ canal: APPEL }, ''],
    [{ canal: COURRIEL, modele: 'relance' }, 'relance'],
  ] as const)
    expect(await regles.update({ id, ...change })).toMatchObject({ ...change, modele });
});

test('workers of an earlier release carry out no call: they try again until one of this release does', async () => {
  const organisationId = unique('org');
  await regles.create({ organisationId, canal: CanalRelance.APPEL, ...ALWAYS });
  const whose = { organisationId, clientId: unique('client'), invoiceId: unique('facture') };
  const { id } = await worker.create({ ...whose, dateFacture: '2026-05-15', dateEcheance: '2026-06-14' });
  for (const sansTour of [false, true])
    expect(await refusalOf(worker.reserveSend({ id, niveau: 1, sansTour }))).toMatchObject({
      ...{ code: 'UNAVAILABLE', reason: 'RELANCE_CANAL' },
    });
});

import { CalendarEngineServiceService, Calendrier } from '@crm/proto/calendar/calendar';
import { HistoriqueRelanceServiceService } from '@crm/proto/relance/relance';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { ground } from '../support/ground.ts';
import { readZip } from '../support/read-zip.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { waitingReminders, type Waiting } from '../support/waiting-reminders.ts';

const stack = sharedStack();
const { emails, factures, mandats, payments, relances } = ground(stack).services;
const historique = stack.client('relance', HistoriqueRelanceServiceService);
const calendar = stack.client('calendar', CalendarEngineServiceService);

afterAll(() => stack.close());

const { waitingClient, overdue } = waitingReminders(stack);

const remindersTo = async ({ clientId }: Waiting) =>
  await stack.sql<{ modele: string; sujet: string; texte: string; messageId: string; envoi: string }>(
    `SELECT modele, sujet, texte, message_id AS "messageId", envoi FROM email.emails
     WHERE client_id = $1 AND modele <> 'facture' AND modele <> 'bienvenue' ORDER BY id`,
    clientId,
  );
const entries = async (invoiceId: string) => (await historique.list({ invoiceId })).historique.toReversed();
const actions = async (invoiceId: string) =>
  (await entries(invoiceId)).map(({ action, niveau }) => `${action} ${niveau}`);
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

test('levels that are due together go out as one mail: with what is left of each, in the firmest words, once', async () => {
  const client = await waitingClient({ relancesGroupees: true });
  const { organisationId, clientId } = client;
  const late = await overdue(client, 2);
  const later = await overdue(client, 7);
  const part = await overdue(client, 3);
  const debited = await overdue(client, 2);
  const paused = await overdue(client, 2);
  const formal = await overdue(client, 30);
  const paid = await payments.create({ organisationId, clientId, invoiceId: part.id, montant: 5_000n });
  await payments.confirm({ id: paid.id });
  const account = { iban: 'FR1420041010050500013M02606', titulaire: 'Zoé', dateSignature: '2026-01-15' };
  const mandat = await mandats.create({ organisationId, clientId, ...account });
  const asked = { delaiJours: 30, calendriers: [Calendrier.FRANCE, Calendrier.T2] };
  const { datePrevue } = await calendar.calculatePlannedDate(asked);
  const debit = { invoiceId: debited.id, mandatId: mandat.id, montant: debited.montant, datePrevue };
  await payments.create({ organisationId, clientId, ...debit });
  await relances.pause({ id: paused.id, motif: 'promesse' });
  await until('what is paid', async () => (await factures.get({ id: part.id })).restantDu === 7_000n);

  await client.release();
  const mails = await until('both mails', async () => {
    const sent = await remindersTo(client);
    return sent.length >= 2 ? sent : undefined;
  });
  const merged = mails.find(({ modele }) => modele === 'relance-groupee')!;
  expect(merged.sujet).toMatch(/^3\u00a0factures\u00a0: relance, 310,00\s€ à régler$/);
  const numbers = [...merged.texte.matchAll(/F-\d{4}-\d+/g)].map(([numero]) => numero);
  expect(numbers).toEqual([later.numero, part.numero, late.numero]);
  expect(spaced(merged.texte)).toMatch(/70,00 €\n.*3 jours de retard +sur 120,00 €/);
  expect(spaced(merged.texte)).toMatch(/Total +310,00 €/);
  expect(mails.find(({ modele }) => modele === 'mise-en-demeure')!.sujet).toContain(formal.numero);

  // each level is recorded once, with the mail, and the next one is planned
  const of = [late, later, part];
  await until('the records', async () =>
    (await Promise.all(of.map(({ id }) => relances.get({ id })))).every(({ niveaux }) =>
      niveaux.some(({ messageId }) => messageId === merged.messageId),
    ),
  );
  for (const [invoice, niveau] of [
    [late, 1],
    [later, 2],
    [part, 1],
  ] as const) {
    const relance = await relances.get({ id: invoice.id });
    const level = relance.niveaux.find((one) => one.niveau === niveau)!;
    expect(`relance-groupee/${level.envoiGroupeId}`).toBe(merged.envoi);
    expect(relance).toMatchObject({ prochainNiveau: niveau + 1, envoiGroupeId: '' });
    const sent = (await entries(invoice.id)).filter(({ action }) => action === 'ENVOI');
    expect(sent).toMatchObject([{ niveau, messageId: merged.messageId }]);
    expect(sent[0]!.detail).toMatch(/^un courriel pour 3 factures: /);
    // the workflow knows what comes next
    const handle = (await stack.temporal()).workflow.getHandle(relanceWorkflowId(invoice.id));
    await until('the next level', async () => {
      const plan = await handle.query<{ next?: { niveau: number } }>('plan');
      return plan.next?.niveau === niveau + 1;
    });
  }
  expect(await actions(debited.id)).not.toContain('ENVOI 1');
  expect(await actions(paused.id)).not.toContain('ENVOI 1');
  expect((await stack.mailsTo(client.email)).filter(({ subject }) => /relance, /.test(subject))).toHaveLength(
    1,
  );

  const { emails: listed } = await emails.getEmails({ organisationId, clientId });
  const mail = listed.find(({ messageId }) => messageId === merged.messageId)!;
  expect(mail.factures).toEqual([later.id, part.id, late.id]);
  const chunks: Uint8Array[] = [];
  for await (const { contenu } of relances.downloadDossier({ invoiceId: late.id })) chunks.push(contenu);
  const list = (await readZip(Buffer.concat(chunks))).get('03-courriels.csv')!.toString();
  expect(list).toContain(merged.messageId);

  // a reminder that a person asks for goes out alone
  await relances.sendNow({ id: late.id, motif: 'le client le demande' });
  await until('the mail alone', async () => (await remindersTo(client)).length === 3);
  const [, , alone] = await remindersTo(client);
  expect(alone).toMatchObject({ modele: 'relance', envoi: `relance/${late.id}/2/1` });
}, 240_000);

test('without the option each invoice has a mail of its own', async () => {
  const client = await waitingClient({});
  const [one, other] = [await overdue(client, 2), await overdue(client, 2)];
  await client.release();
  await until('both mails', async () => (await remindersTo(client)).length === 2);
  const mails = await remindersTo(client);
  expect(mails.map(({ envoi }) => envoi).sort()).toEqual(
    [one, other].map(({ id }) => `relance/${id}/1/1`).sort(),
  );
  for (const { id } of [one, other])
    await until('the record', async () => (await actions(id)).includes('ENVOI 1'));
  const [sent] = (await entries(one.id)).filter(({ action }) => action === 'ENVOI');
  expect(mails.map(({ messageId }) => messageId)).toContain(sent!.messageId);
}, 120_000);

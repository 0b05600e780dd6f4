import { jest } from '@jest/globals';
import { ActiviteServiceService, TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { EmailServiceService, type Email } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import {
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RelanceServiceService,
} from '@crm/proto/relance/relance';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { ops } from '../support/ops.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const emails = stack.client('email', EmailServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const taches = stack.client('activites', TacheServiceService);
const activites = stack.client('activites', ActiviteServiceService);
const relances = stack.client('relance', RelanceServiceService);
const regles = stack.client('relance', RegleRelanceServiceService);
const attentes = stack.client('relance', AttenteRelanceServiceService);
const historique = stack.client('relance', HistoriqueRelanceServiceService);

afterAll(() => stack.close());

const ALWAYS = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };

/** A client whose organisation reminds a second after each invoice, and who got the welcome mail. */
async function welcomed(modele = 'rappel') {
  const organisationId = unique('org');
  await regles.create({ organisationId, niveau: 1, delai: 'PT1S', modele, ...ALWAYS });
  const gestionnaireId = unique('gestionnaire');
  const fields = { nom: 'Lefèvre', prenom: 'Zoé', email: uniqueAddress(), gestionnaireId };
  const client = await clients.create({ organisationId, ...fields });
  const mail = await until('the welcome mail', async () => {
    const { emails: sent } = await emails.getEmails({ clientId: client.id });
    return sent.find(({ statut }) => statut === 'ENVOYE');
  });
  return {
    ...{ organisationId, gestionnaireId, client, clientId: client.id, mail },
    /** How many have gone out. */
    reminders: async () => {
      const { emails: mails } = await emails.getEmails({ clientId: client.id, statut: 'ENVOYE' });
      return mails.filter((one) => one.modele === modele).length;
    },
  };
}

/** An answer as it arrives. */
const answer = (
  { messageId }: Pick<Email, 'messageId'>,
  {
    header = '',
    body = 'Bonjour, le virement est parti hier.',
    from = 'zoe@example.org',
    id = unique('reply'),
  } = {},
) =>
  Buffer.from(
    `From: Zoé <${from}>\r\nTo: retours@suivi.invalid\r\nSubject: Re: Bienvenue\r\nMessage-ID: <${id}@example.org>\r\n` +
      `${header || `In-Reply-To: <${messageId}>\r\n`}Content-Type: text/plain; charset=utf-8\r\n\r\n` +
      `${body}\r\n\r\nLe 3 juillet 2026, Suivi a écrit :\r\n> Bienvenue\r\n`,
  );

/** It was due before it was entered: formal notices can be given. */
const overdueInvoice = ({ organisationId, clientId }: { organisationId: string; clientId: string }) =>
  factures.create({
    ...{ organisationId, clientId, montant: 12_000n },
    ...{ dateFacture: '2026-05-04', dateEcheance: '2026-06-03' },
  });

/** The reminders of a new invoice, once the due level is held back. */
async function heldInvoice(whose: { organisationId: string; clientId: string }) {
  const invoice = await overdueInvoice(whose);
  const held = await until('held back', async () => {
    const relance = await relances.get({ id: invoice.id });
    return relance.prochaineAt!.getTime() > Date.now() + 50 * 60_000 && relance;
  });
  expect(held).toMatchObject({ statut: 'EN_ATTENTE', prochainNiveau: 1 });
  return invoice;
}

const actionsOf = async (invoiceId: string) =>
  (await historique.list({ invoiceId })).historique.map(({ action }) => action).reverse();

test('an answer is an activity, a task, and holds the reminders back until the task is done; told often it is once', async () => {
  const { organisationId, clientId, client, gestionnaireId, mail, reminders } = await welcomed();
  const message = answer(mail);
  const told = await Promise.all([1, 2, 3].map(() => emails.recordReply({ message })));
  told.push(await emails.recordReply({ message }));
  const { reponse } = told[0]!;
  expect(reponse).toMatchObject({
    ...{ emailId: mail.id, clientId, genre: 'REPONSE', de: 'zoe@example.org', sujet: 'Re: Bienvenue' },
    texte: 'Bonjour, le virement est parti hier.',
  });
  for (const one of told) expect(one.reponse).toEqual(reponse);

  const { activites: recorded } = await activites.listByClient({ clientId });
  expect(recorded.map(({ type, resume }) => [type, resume])).toEqual([
    [
      'EMAIL',
      'Réponse reçue de zoe@example.org\nObjet: Re: Bienvenue\n\nBonjour, le virement est parti hier.',
    ],
  ]);
  const { taches: all } = await taches.listByClient({ clientId });
  const made = all.filter(({ titre }) => titre === 'Répondre à Zoé Lefèvre');
  expect(made).toMatchObject([{ id: reponse!.tacheId, assigneA: gestionnaireId, statut: 'A_FAIRE' }]);
  const { attentes: holds } = await attentes.list({ clientId, ouvertes: true });
  expect(holds).toMatchObject([
    {
      ...{ organisationId, genre: 'REPONSE', tacheId: reponse!.tacheId },
      motif: expect.stringMatching(/^réponse reçue le \d/) as string,
    },
  ]);

  const invoice = await heldInvoice({ organisationId, clientId });
  const motif = holds[0]!.motif;
  expect((await relances.get({ id: invoice.id })).attente).toBe(motif);
  expect((await relances.list({ clientId })).relances).toMatchObject([{ attente: motif }]);
  const { echeances } = await relances.agenda({ clientId });
  expect(echeances.find(({ genre }) => genre === 'MAIL_RELANCE')).toMatchObject({
    ...{ attente: motif, condition: `une fois levé ce qui la retient: ${motif}` },
  });
  expect(await refusalOf(relances.sendNow({ id: invoice.id }))).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'RELANCE_RETENUE' },
  });
  expect(await actionsOf(invoice.id)).toEqual(['PLANIFICATION', 'ATTENTE']);
  expect(await reminders()).toBe(0);

  await taches.marquerTerminee({ id: reponse!.tacheId });
  // reading the agenda, as a person does, notices that the hold has ended
  await relances.agenda({ clientId });
  await until('sent', async () => (await reminders()) === 1);
  await until('over', async () => (await relances.get({ id: invoice.id })).statut === 'ACHEVEE');
  expect(await actionsOf(invoice.id)).toEqual(['PLANIFICATION', 'ATTENTE', 'LEVEE', 'ENVOI']);
  expect((await attentes.list({ clientId })).attentes).toMatchObject([
    { leveePar: gestionnaireId, leveeMotif: 'tâche terminée' },
  ]);
  // the same again, weeks later, begins nothing
  await emails.recordReply({ message });
  expect((await relances.get({ id: invoice.id })).attente).toBe('');
  expect(await reminders()).toBe(1);
  expect((await stack.mailsTo(client.email)).length).toBeGreaterThan(1);
});

test('formal notices wait, too; somebody ends it with why, twice is once, and every invoice goes on', async () => {
  const whose = await welcomed('mise-en-demeure');
  const { clientId, mail, reminders } = whose;
  const before = await overdueInvoice(whose);
  await until('sent', async () => (await reminders()) === 1);
  await emails.recordReply({ message: answer(mail) });
  const invoices = [await heldInvoice(whose), await heldInvoice(whose)];
  expect(await reminders()).toBe(1);

  const listed = await ops(stack, 'holds', 'list', '--client', clientId);
  const id = /^[0-9a-f-]{36}/.exec(listed.output)![0];
  expect(listed.output).toContain('réponse reçue le');
  const [first, again] = await Promise.all([
    ops(stack, 'holds', 'lift', id, '--why', 'répondu par téléphone'),
    attentes.lever({ id, motif: 'de même' }),
  ]);
  expect(first.output).toContain('levée le');
  expect(again.leveeAt).toBeDefined();
  await until('both sent', async () => (await reminders()) === 3);
  for (const invoice of invoices) {
    await until('over', async () => (await relances.get({ id: invoice.id })).statut === 'ACHEVEE');
    expect(await actionsOf(invoice.id)).toEqual(['PLANIFICATION', 'ATTENTE', 'LEVEE', 'ENVOI']);
  }
  expect(await actionsOf(before.id)).toEqual(['PLANIFICATION', 'ENVOI']);
  expect((await ops(stack, 'holds', 'list', '--client', clientId)).output).toContain('Rien ne retient');
  expect((await ops(stack, 'holds', 'list', '--client', clientId, '--all')).output).toContain('levée le');
});

test('what a machine answers is recorded, and holds nothing', async () => {
  const { clientId, mail } = await welcomed();
  const message = answer(mail, {
    header: `References: <${mail.messageId}>\r\nAuto-Submitted: auto-replied\r\n`,
  });
  const { reponse } = await emails.recordReply({ message });
  expect(reponse).toMatchObject({
    genre: 'AUTOMATIQUE',
    raison: 'Auto-Submitted: auto-replied',
    tacheId: '',
  });
  expect((await emails.recordReply({ message })).reponse).toEqual(reponse);
  expect((await emails.getReplies({ clientId, genre: 'AUTOMATIQUE' })).reponses).toEqual([reponse]);
  expect((await attentes.list({ clientId })).attentes).toEqual([]);
  expect((await activites.listByClient({ clientId })).activites).toEqual([]);
  expect(
    (await taches.listByClient({ clientId })).taches.filter(({ titre }) => /Répondre/.test(titre)),
  ).toEqual([]);
});

test('what answers no e-mail of ours, or is none, is refused', async () => {
  expect((await refusalOf(emails.recordReply({ message: answer({ messageId: 'x@y' }) }))).code).toBe(
    'NOT_FOUND',
  );
  expect((await refusalOf(emails.recordReply({ message: Buffer.from('\n') }))).violations[0]?.field).toBe(
    'message',
  );
  expect((await refusalOf(emails.recordReply({}))).code).toBe('INVALID_ARGUMENT');
  expect((await refusalOf(attentes.lever({ id: unique('none'), motif: 'x' }))).code).toBe('NOT_FOUND');
  expect((await refusalOf(attentes.lever({ id: unique('none') }))).violations[0]?.field).toBe('motif');
});

test('an e-mail to nobody we know makes a task', async () => {
  const organisationId = unique('org');
  const to = { organisationId, destinataire: uniqueAddress(), sujet: 'Bonjour', texte: 'Bonjour' };
  const { reponse } = await emails.recordReply({ message: answer(await emails.sendEmail(to)) });
  expect(await taches.get({ id: reponse!.tacheId })).toMatchObject({
    ...{ organisationId, clientId: '', titre: 'Répondre à zoe@example.org' },
    description: expect.stringContaining('le virement est parti') as string,
  });
});

/** A mail server's pipe, which writes the whole message whatever happens. */
async function pipe(...chunks: Uint8Array[]) {
  const command = spawn(process.execPath, ['--import', 'tsx', 'tools/ops.ts', 'mail-in'], {
    env: {
      ...process.env,
      TOKEN: await stack.token(),
      EMAIL_ADDRESS: stack.address('email'),
    },
  });
  for (const chunk of chunks) if (!command.stdin.write(chunk)) await once(command.stdin, 'drain');
  command.stdin.end();
  const closed = once(command, 'close') as Promise<[number]>;
  const [out, error, [code]] = await Promise.all([text(command.stdout), text(command.stderr), closed]);
  return { code, said: out + error };
}

test('the mail server’s pipe brings answers: from another address, with 50 MB and a thousand references, a machine’s', async () => {
  const { clientId, mail } = await welcomed();
  const references = Array.from({ length: 1_000 }, (_, n) => `<${String(n)}@x.example>`).join('\r\n ');
  const header = `References: <${mail.messageId}>\r\n ${references}\r\n`;
  const message = answer(mail, { from: 'compta@ailleurs.example', header });
  const megabyte = Buffer.alloc(1_000_000, 'A');
  const big = await pipe(message, ...Array.from({ length: 50 }, () => megabyte));
  const { reponses } = await emails.getReplies({ clientId });
  expect(reponses).toMatchObject([{ de: 'compta@ailleurs.example', genre: 'REPONSE' }]);
  const { id, tacheId } = reponses[0]!;
  expect(big).toEqual({ code: 0, said: `-: answer ${id} to email ${mail.id} REPONSE: task ${tacheId}\n` });
  const away = await pipe(answer(mail, { header: `${header}Precedence: bulk\r\n` }));
  expect(away.said).toMatch(/AUTOMATIQUE: Precedence: bulk, without effect\n$/);
  const other = await pipe(answer({ messageId: 'x@y' }));
  expect(other).toEqual({ code: 0, said: '-: ignored: email that this one answers not found\n' });
});

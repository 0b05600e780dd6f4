import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { PieceJointeServiceService, TypeEntite } from '@crm/proto/documents/documents';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { ops } from '../support/ops.ts';
import { readZip } from '../support/read-zip.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const documents = stack.client('documents', PieceJointeServiceService);
const emails = stack.client('email', EmailServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const payments = stack.client('payments', PaymentServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);
const societes = stack.client('organisations', SocieteServiceService);
const attentes = stack.client('relance', AttenteRelanceServiceService);
const users = stack.client('users', UtilisateurServiceService);
const folder = mkdtempSync(join(tmpdir(), 'suivi-dossier-'));
/** Who decides, as people call them. */
const sub = unique('sub');
const relances = stack.client('relance', RelanceServiceService, sub);

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.close();
});

const organisationId = unique('org');
const spaced = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');

async function download(invoiceId: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const { contenu } of relances.downloadDossier({ invoiceId })) chunks.push(contenu);
  return Buffer.concat(chunks);
}

async function story() {
  await users.create({ organisationId, keycloakId: sub, nom: 'Durand', prenom: 'Inès' });
  const email = uniqueAddress();
  const client = await clients.create({ organisationId, nom: 'Éclair', prenom: 'Zoé', email });
  const whose = { organisationId, clientId: client.id };
  const invoice = await factures.create({ ...whose, montant: 120_000n, objet: 'Entretien' });
  const invoiceId = invoice.id;
  const other = await factures.create({ ...whose, montant: 5_000n });
  const avoir = await factures.createCreditNote({ invoiceId, montant: 20_000n, motif: 'Geste' });
  const paid = await payments.create({ ...whose, invoiceId, montant: 30_000n });
  await payments.confirm({ id: paid.id, dateReception: new Date('2026-11-20T10:00:00Z') });
  const returned = await payments.create({ ...whose, invoiceId, montant: 40_000n });
  await payments.reject({ id: returned.id, motifRejet: 'MD06', dateRejet: new Date('2026-11-23T10:00:00Z') });
  await until(
    'the reminder',
    async () => (await relances.list({ clientId: client.id })).relances.length === 2,
  );
  await relances.pause({ id: invoiceId, motif: '=promesse de payer ; vendredi' });
  await documents.create({
    ...{ organisationId, typeEntite: TypeEntite.FACTURE, entiteId: invoiceId },
    ...{ nomFichier: 'bon de livraison signé.txt', contenu: Buffer.from('reçu') },
  });
  const mail = await until('the mails', async () => {
    const { emails: sent } = await emails.getEmails({ clientId: client.id });
    const left = sent.filter(({ statut }) => statut === 'ENVOYE');
    return left.length >= 3 && left.find(({ factureId }) => factureId === invoiceId);
  });
  const bounce = { messageId: mail.messageId, code: '5.1.1', diagnostic: 'no such user' };
  await emails.recordBounce(bounce);
  return { client, email, invoice, other, avoir, mail };
}

test('the dossier of an invoice has all that a clerk looks for, by names that people use', async () => {
  const { email, invoice, other, avoir, mail } = await story();
  const files = await readZip(await download(invoice.id));
  const names = [...files.keys()];
  const text = (name: string) => spaced(files.get(name)!.toString());
  expect(names[0]).toBe('00-sommaire.txt');
  const eml = names.find((name) => name.startsWith('03-courriels/') && name.includes(invoice.numero))!;
  expect(names).toEqual(
    expect.arrayContaining([
      ...[`01-facture-${invoice.numero}.pdf`, `02-avoirs/avoir-${avoir.numero}.pdf`, eml],
      ...['03-courriels.csv', '04-paiements.csv', '05-decisions.csv'],
      '06-pieces/001-bon de livraison signé.txt',
    ]),
  );
  for (const name of names.filter((one) => one.endsWith('.pdf'))) {
    expect(files.get(name)!.subarray(0, 5).toString()).toBe('%PDF-');
  }
  expect(files.get('06-pieces/001-bon de livraison signé.txt')!.toString()).toBe('reçu');

  const sent = text(eml).replace(/\r\n[ \t]/g, ' ');
  expect(sent).toContain(`Message-ID: <${mail.messageId}>`);
  expect(sent).toContain(`To: ${email}`);
  expect(sent).toContain('Content-Type: application/pdf');
  const fate = 'revenu non distribué le';
  expect(text('03-courriels.csv')).toMatch(new RegExp(`<${mail.messageId}>;.*${fate} .*5\\.1\\.1`));
  expect(text('04-paiements.csv')).toMatch(/300,00 €;encaissé le 20 novembre 2026/);
  expect(text('04-paiements.csv')).toMatch(/400,00 €;rejeté le 23 novembre 2026, motif MD06/);
  expect(text('05-decisions.csv')).toMatch(
    /;Relances mises en pause;.*;Inès Durand;"'=promesse de payer ; vendredi"/,
  );

  const index = text('00-sommaire.txt');
  for (const fact of [
    ...[`FACTURE ${invoice.numero}`, 'Zoé Éclair', 'Reste à payer     700,00 €', `Avoir ${avoir.numero}`],
    ...[`Message-ID <${mail.messageId}>`, fate, 'motif MD06', 'par Inès Durand'],
    ...names.slice(1),
  ]) {
    expect(index).toContain(fact);
  }
  // it is not overdue: there is no formal notice to give
  expect(names.filter((name) => name.includes('mise-en-demeure'))).toEqual([]);
  // mails about another invoice of the client are in that invoice's dossier
  expect(index).not.toContain(other.numero);

  const out = join(folder, 'dossier.zip');
  expect(await ops(stack, 'dossier', invoice.numero, '--org', organisationId, '--out', out)).toEqual({
    code: 0,
    output: `${out}\n`,
  });
  expect([...(await readZip(readFileSync(out))).keys()]).toEqual(names);
  expect((await ops(stack, 'dossier', invoice.id, '--out', out)).code).toBe(0);
  const none = await ops(stack, 'dossier', 'F-1999-0001', '--org', organisationId);
  expect(none).toEqual({ code: 1, output: `There is no invoice F-1999-0001 of ${organisationId}.\n` });
}, 180_000);

const OVERDUE = { dateFacture: '2026-05-04', dateEcheance: '2026-06-03' };

/** An answer as it arrives. */
const answer = (messageId: string, header: string, body: string) =>
  Buffer.from(
    `From: Zoé <zoe@example.org>\r\nSubject: Re: Votre facture\r\nMessage-ID: <${unique('reply')}@example.org>\r\n` +
      `In-Reply-To: <${messageId}>\r\n${header}Content-Type: text/plain; charset=utf-8\r\n\r\n${body}\r\n`,
  );

test('what the client answered and the formal notice of the day are in it; an organisation goes by its code, too', async () => {
  const code = unique('code');
  const { id: ofCode } = await organisations.create({ nom: 'Énergie & Cie', code });
  await societes.create({ organisationId: ofCode, raisonSociale: 'Énergie & Cie', siren: '732829320' });
  const client = await clients.create({ organisationId: ofCode, nom: 'Éclair', email: uniqueAddress() });
  const whose = { organisationId: ofCode, clientId: client.id };
  const { id, numero } = await factures.create({ ...whose, ...OVERDUE, montant: 12_000n });
  const mailOf = (about: (mail: { factureId: string; modele: string }) => boolean) =>
    until('a mail', async () => {
      const { emails: sent } = await emails.getEmails({ clientId: client.id });
      return sent.find((mail) => mail.statut === 'ENVOYE' && about(mail));
    });
  const { messageId } = await mailOf(({ factureId }) => factureId === id);
  const welcome = await mailOf(({ factureId }) => !factureId);
  const said = 'Bonjour,\r\nle virement est parti hier.';
  await emails.recordReply({ message: answer(messageId, '', said) });
  const robot = answer(messageId, 'Auto-Submitted: auto-replied\r\n', 'En congés.');
  await emails.recordReply({ message: robot });
  await emails.recordReply({ message: answer(welcome.messageId, '', 'Merci de votre accueil.') });

  const files = await readZip(await download(id));
  const names = [...files.keys()];
  const text = (name: string) => spaced(files.get(name)!.toString());
  const [person, machine, ...more] = names.filter((name) => name.startsWith('07-reponses/'));
  expect(more).toEqual([]);
  expect(person).toMatch(/^07-reponses\/001-\d{4}-\d\d-\d\d-Re Votre facture\.txt$/);
  for (const fact of [
    'zoe@example.org',
    'Re: Votre facture',
    `<${messageId}>`,
    'le virement est parti hier.',
  ]) {
    expect(text(person!)).toContain(fact);
  }
  expect(text(person!)).not.toContain('automatique');
  expect(text(machine!)).toContain('Réponse automatique (Auto-Submitted: auto-replied)');
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format();
  const letter = `08-mise-en-demeure-${numero} du ${today}.pdf`;
  expect(files.get(letter)?.subarray(0, 5).toString()).toBe('%PDF-');
  const index = text('00-sommaire.txt');
  for (const fact of [
    ...['« Re: Votre facture », de zoe@example.org', '> le virement est parti hier.'],
    ...['réponse automatique (Auto-Submitted: auto-replied)', ...names.slice(1)],
  ]) {
    expect(index).toContain(fact);
  }
  expect(index).not.toContain('accueil');

  const out = join(folder, 'by-code.zip');
  expect(await ops(stack, 'dossier', numero, '--org', code, '--out', out)).toEqual({
    code: 0,
    output: `${out}\n`,
  });
  const hold = await until('the hold', async () => {
    const { attentes: open } = await attentes.list({ organisationId: ofCode });
    return open[0];
  });
  expect((await ops(stack, 'holds', 'list', '--org', code)).output).toContain(hold.id);
  const agenda = await ops(stack, 'agenda', '--org', code);
  expect(agenda.output).toContain('Répondre à');
}, 180_000);

test('where there is nobody who could send a formal notice, the dossier is without it', async () => {
  const nobody = { organisationId: unique('org'), clientId: unique('client') };
  const { id } = await factures.create({ ...nobody, ...OVERDUE, montant: 12_000n });
  const names = [...(await readZip(await download(id))).keys()];
  expect(names.filter((name) => name.startsWith('08-'))).toEqual([]);
  expect(names[0]).toBe('00-sommaire.txt');
}, 60_000);

test('of an invoice that nobody knows there is none', async () => {
  expect((await refusalOf(download(unique('facture')))).code).toBe('NOT_FOUND');
});

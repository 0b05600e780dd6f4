import { openDb, type Db } from '@crm/db';
import {
  config,
  connectTo,
  logger,
  serve,
  type CallSettings,
  type Connected,
  type Implementation,
  type Process,
  type Served,
} from '@crm/kit';
import { StatutEmailClient } from '@crm/proto/clients/clients';
import { EmailServiceService, StatutEmail } from '@crm/proto/email/email';
import { status } from '@grpc/grpc-js';
import { randomUUID } from 'node:crypto';
import pino from 'pino';
import { asCaller } from '@crm/kit/testing/as-caller';
import { delivery, type DeliveryNeeds } from './deliver.ts';
import { MAX_PDF_BYTES } from './attached-pdf.ts';
import service from './service.ts';
import { templates } from './templates/index.ts';
import { clientsService, type ClientsService } from './testing/clients-service.ts';
import { invoiceService, type InvoiceService } from './testing/invoice-service.ts';
import { mailServer, type MailServer } from './testing/mail-server.ts';
import { societesService, type SocietesService } from './testing/societes-service.ts';

const { UNAVAILABLE, FAILED_PRECONDITION, INVALID_ARGUMENT, DEADLINE_EXCEEDED, NOT_FOUND } = status;
const TIMEOUT_MS = 1_000;

type Running = {
  client: Connected<typeof EmailServiceService>;
  served: Served;
  stop: () => Promise<unknown>;
};
const running: Running[] = [];
let db: Db;
let mails: MailServer;
let invoices: InvoiceService;
let clients: ClientsService;
let societes: SocietesService;
let client: Running['client'];

const settings = (env: Record<string, string> = {}) =>
  config(service.config, { SMTP_URL: mails.url, MAIL_TIMEOUT_MS: String(TIMEOUT_MS), ...env });

/** The service as it runs, on a free port beside the services it asks, without authentication. */
async function start(
  env: Record<string, string> = {},
  log = logger('email', 'silent'),
  isPerson = false,
): Promise<Running['client']> {
  const stops: (() => unknown)[] = [];
  const noToken = () => Promise.resolve(undefined);
  const caller = asCaller({ sub: 'service:workers', issuer: 'suivi-workers', service: !isPerson });
  const listen = (implementations: Implementation[]) =>
    serve({
      db,
      log,
      implementations,
      host: '127.0.0.1',
      port: 0,
      interceptors: [caller],
      reflection: false,
    });
  const others = await listen([invoices, clients, societes].map(({ implementation }) => implementation));
  stops.push(() => others.stop());
  const call: Process['call'] = (_, definition) => {
    const client = connectTo(definition, `127.0.0.1:${others.port}`, noToken);
    stops.unshift(() => client.close());
    return client;
  };
  const process = { config: settings(env), db, log, call, onStop: (stop: () => unknown) => stops.push(stop) };
  const served = await listen(service.implementations(process as unknown as Process<typeof service.config>));
  const started = connectTo(EmailServiceService, `127.0.0.1:${served.port}`, noToken);
  running.push({ client: started, served, stop: () => Promise.all(stops.map((stop) => stop())) });
  return started;
}

beforeAll(() => {
  db = openDb(process.env.DATABASE_URL!, 5);
});
afterAll(() => db.$disconnect());
beforeEach(async () => {
  mails = await mailServer();
  invoices = invoiceService();
  clients = clientsService();
  societes = societesService();
  client = await start();
});
afterEach(async () => {
  mails.release();
  for (const { client, served, stop } of running.splice(0)) {
    client.close();
    await served.stop();
    await stop();
  }
  await mails.close();
});

const request = {
  clientId: 'client-1',
  destinataire: 'zoe@example.org',
  sujet: 'Été',
  texte: 'Bonjour à vous',
};
const keyed = (key: string = randomUUID()): CallSettings => ({ metadata: { 'idempotency-key': key } });
/** Calls as a handler does: with the event's id and the handler's name. */
const handled = (): CallSettings => ({
  metadata: {
    'idempotency-key': `${randomUUID()}/email`,
    'event-type': 'client.created',
    'event-timestamp': new Date().toISOString(),
  },
});
const fails = (code: status, message: RegExp) => ({
  code,
  details: expect.stringMatching(message) as string,
});
const newest = async () => (await client.getEmails({ clientId: 'client-1', pageSize: 1 })).emails[0]!;
const withoutText = ({ clientId, destinataire }: typeof request) => ({ clientId, destinataire });
const header = (mail: string, name: string) => new RegExp(`^${name}: (.*)$`, 'im').exec(mail)?.[1];

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

test('sends a text mail and remembers it', async () => {
  // the first call of a process loads what sends, which takes its time on a busy machine
  const sent = await client.sendEmail(request, { deadlineMs: 30_000 });
  expect(sent).toMatchObject({
    organisationId: 'default',
    statut: StatutEmail.ENVOYE,
    tentatives: 1,
    erreur: '',
  });
  expect(sent.envoyeAt).toBeInstanceOf(Date);
  expect(await client.getEmail({ id: sent.id })).toEqual(sent);
  const [mail] = mails.received;
  expect(header(mail!, 'Message-ID')).toBe(`<${sent.messageId}>`);
  expect(header(mail!, 'To')).toBe('zoe@example.org');
  expect(header(mail!, 'Subject')).toBe('=?UTF-8?B?w4l0w6k=?=');
  expect(mail).not.toMatch(/multipart/);
});

test('sends a template as text and HTML', async () => {
  const { sujet, modele } = await client.sendEmailWithTemplate({
    destinataire: 'zoe@example.org',
    modele: 'bienvenue',
    variables: { prenom: 'Zoé', nom: 'Lefèvre' },
  });
  expect([sujet, modele]).toEqual(['Bienvenue chez Suivi', 'bienvenue']);
  expect(mails.received[0]).toMatch(/multipart\/alternative/);
  expect(mails.received[0]).toMatch(/Bonjour Zo=C3=A9,/);
});

test.each([
  ['a caller', keyed],
  ['a handler', handled],
])('a repeat by %s sends nothing and answers the same', async (_, settings) => {
  const call = settings();
  const first = await client.sendEmail(request, call);
  expect(await client.sendEmail(request, call)).toEqual(first);
  expect(mails.received).toHaveLength(1);
});

test('of twenty concurrent repeats one sends, and the others are told to come again', async () => {
  // what takes its time is a busy machine, and not the mail server
  client = await start({ MAIL_TIMEOUT_MS: '20000' });
  const call = { ...handled(), deadlineMs: 60_000 };
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => client.sendEmail(request, call)));
  expect(mails.received).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected')
      expect(result.reason).toMatchObject(fails(UNAVAILABLE, /is being sent/));
  }
  expect(await client.sendEmail(request, call)).toMatchObject({ statut: StatutEmail.ENVOYE, tentatives: 1 });
  expect(mails.received).toHaveLength(1);
});

describe('what is sent for the same', () => {
  let clientId: string;
  beforeEach(() => {
    clientId = `client-${randomUUID()}`;
  });
  const mail = (nom: string, more: object = {}) => ({
    clientId,
    destinataire: 'zoe@example.org',
    modele: 'bienvenue',
    variables: { prenom: 'Zoé', nom },
    ...more,
  });
  const all = async () => (await client.getEmails({ clientId })).emails;

  test('is sent once, whatever the repeat says, and to whom', async () => {
    const envoi = `relance/${randomUUID()}/1/0`;
    const first = await client.sendEmailWithTemplate(mail('Petit', { envoi }));
    expect(first).toMatchObject({ envoi, statut: StatutEmail.ENVOYE });
    expect(await client.sendEmailWithTemplate(mail('Grand', { envoi }))).toEqual(first);
    const elsewhere = mail('Grand', { envoi, destinataire: 'z@example.org' });
    expect(await client.sendEmailWithTemplate(elsewhere)).toEqual(first);
    expect(mails.received).toHaveLength(1);
    // another envoi, or another organisation
    await client.sendEmailWithTemplate(mail('Petit', { envoi: `${envoi}x` }));
    await client.sendEmailWithTemplate(mail('Petit', { envoi, organisationId: 'org-2' }));
    await client.sendEmailWithTemplate(mail('Petit'));
    await client.sendEmailWithTemplate(mail('Petit'));
    expect(mails.received).toHaveLength(5);
  });

  test('of twenty at the same time that say different things one is sent', async () => {
    client = await start({ MAIL_TIMEOUT_MS: '20000' });
    const envoi = `relance/${randomUUID()}/1/0`;
    const sendings = Array.from({ length: 20 }, (_, n) =>
      client.sendEmailWithTemplate(mail(`${n}`, { envoi }), { deadlineMs: 60_000 }),
    );
    await Promise.allSettled(sendings);
    expect(mails.received).toHaveLength(1);
  });

  test('says what is true by the time that the mail server takes it', async () => {
    const envoi = `relance/${randomUUID()}/1/0`;
    mails.manners = 'puts-off';
    await expect(client.sendEmailWithTemplate(mail('Petit', { envoi }))).rejects.toMatchObject({
      code: UNAVAILABLE,
    });
    const [waiting] = await all();
    mails.manners = 'accepts';
    const corrected = mail('Grand', { envoi, destinataire: 'z@example.org' });
    const sent = await client.sendEmailWithTemplate(corrected);
    expect(sent).toMatchObject({
      id: waiting!.id,
      messageId: waiting!.messageId,
      destinataire: 'z@example.org',
    });
    expect(mails.received).toHaveLength(1);
    expect(mails.received[0]!.replace(/=\r?\n/g, '')).toMatch(/Zo=C3=A9 Grand\./);
  });

  test('waits for an operator where it may have been delivered', async () => {
    const envoi = `relance/${randomUUID()}/1/0`;
    mails.manners = 'drops';
    const unknown = fails(FAILED_PRECONDITION, /may have been delivered/);
    await expect(client.sendEmailWithTemplate(mail('Petit', { envoi }))).rejects.toMatchObject(unknown);
    mails.manners = 'accepts';
    await expect(client.sendEmailWithTemplate(mail('Grand', { envoi }))).rejects.toMatchObject(unknown);
    expect(await all()).toHaveLength(1);
  });

  test('goes to a corrected address after one that was refused, and not twice to that one', async () => {
    const envoi = `relance/${randomUUID()}/1/0`;
    mails.manners = 'refuses';
    const refused = fails(FAILED_PRECONDITION, /refused by the mail server/);
    await expect(client.sendEmailWithTemplate(mail('Petit', { envoi }))).rejects.toMatchObject(refused);
    mails.manners = 'accepts';
    await expect(client.sendEmailWithTemplate(mail('Petit', { envoi }))).rejects.toMatchObject(refused);
    const corrected = mail('Petit', { envoi, destinataire: 'z@example.org' });
    expect(await client.sendEmailWithTemplate(corrected)).toMatchObject({ statut: StatutEmail.ENVOYE });
    const [sent, first] = await all();
    expect([sent!.statut, first!.statut]).toEqual([StatutEmail.ENVOYE, StatutEmail.REFUSE]);
    // it would be a second mail for the same envoi
    await expect(client.resendEmail({ id: first!.id })).rejects.toMatchObject(
      fails(FAILED_PRECONDITION, new RegExp(`was replaced by ${sent!.id}`)),
    );
    expect(mails.received).toHaveLength(1);
  });
});

test('a mail that was put off is sent by a repeat, as the same mail', async () => {
  mails.manners = 'puts-off';
  const call = handled();
  await expect(client.sendEmail(request, call)).rejects.toMatchObject(
    fails(UNAVAILABLE, /451 4\.7\.1 greylisted/),
  );
  const waiting = await newest();
  expect(waiting).toMatchObject({
    statut: StatutEmail.A_ENVOYER,
    tentatives: 1,
    erreur: '451 4.7.1 greylisted',
  });
  mails.manners = 'accepts';
  expect(await client.sendEmail(request, call)).toMatchObject({ id: waiting.id, erreur: '', tentatives: 2 });
  expect(header(mails.received[0]!, 'Message-ID')).toBe(`<${waiting.messageId}>`);
});

test('a mail server that is away is waited for', async () => {
  const port = Number(new URL(mails.url).port);
  await mails.close();
  const call = keyed();
  await expect(client.sendEmail(request, call)).rejects.toMatchObject(fails(UNAVAILABLE, /ECONNREFUSED/));
  mails = await mailServer(port);
  expect(await client.sendEmail(request, call)).toMatchObject({ statut: StatutEmail.ENVOYE, tentatives: 2 });
});

test('a refusal stands for repeats, and does not tell the address', async () => {
  mails.manners = 'refuses';
  const call = handled();
  const refusal = fails(FAILED_PRECONDITION, /refused by the mail server: 550 5\.1\.1 <…>: no such mailbox/);
  await expect(client.sendEmail(request, call)).rejects.toMatchObject(refusal);
  mails.manners = 'accepts';
  await expect(client.sendEmail(request, call)).rejects.toMatchObject(refusal);
  expect(await newest()).toMatchObject({ statut: StatutEmail.REFUSE, tentatives: 1 });
  expect(mails.received).toHaveLength(0);
});

test('an attempt that fails before anything is given puts the mail off', async () => {
  client = await start({ SMTP_URL: 'smtp://us%zz:secret@127.0.0.1' });
  const call = handled();
  await expect(client.sendEmail(request, call)).rejects.toMatchObject(fails(UNAVAILABLE, /URI malformed/));
  const { id } = await newest();
  expect(await newest()).toMatchObject({ statut: StatutEmail.A_ENVOYER, erreur: 'URI malformed' });
  client = await start();
  expect(await client.sendEmail(request, call)).toMatchObject({ id, statut: StatutEmail.ENVOYE });
});

test('a process reads nothing between taking a mail and sending it', async () => {
  mails.manners = 'puts-off';
  await expect(client.sendEmail(request)).rejects.toMatchObject({ code: UNAVAILABLE });
  const { id, messageId, createdAt } = await newest();
  const needs = { db, log: logger('email', 'silent'), config: settings(), onStop: () => {} };
  const others = { invoices: {}, clients: {} } as Pick<DeliveryNeeds, 'invoices' | 'clients'>;
  const { claim } = delivery({ ...needs, ...others });
  expect(await claim(db, id, [StatutEmail.REFUSE])).toBeUndefined();
  expect(await claim(db, id, [StatutEmail.REFUSE, StatutEmail.A_ENVOYER])).toEqual({
    id,
    attempt: 2,
    from: StatutEmail.A_ENVOYER,
    clientId: 'client-1',
    mail: {
      from: settings().MAIL_FROM,
      returnTo: settings().MAIL_FROM.address,
      replyTo: '',
      to: request.destinataire,
      subject: request.sujet,
      html: '',
      text: request.texte,
      messageId,
      date: createdAt,
    },
  });
});

describe('an operator’s word', () => {
  test('sends a refused mail, as the same mail, and its handler’s redrive finds it sent', async () => {
    mails.manners = 'refuses';
    const call = handled();
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(
      fails(FAILED_PRECONDITION, /no such mailbox; .*ResendEmail/),
    );
    const { id, messageId } = await newest();
    await expect(client.resendEmail({ id })).rejects.toMatchObject(
      fails(FAILED_PRECONDITION, /refused by the mail server/),
    );
    mails.manners = 'puts-off';
    await expect(client.resendEmail({ id })).rejects.toMatchObject(fails(UNAVAILABLE, /greylisted/));
    expect(await newest()).toMatchObject({ id, statut: StatutEmail.REFUSE, erreur: '451 4.7.1 greylisted' });
    mails.manners = 'accepts';
    const words = await Promise.allSettled(Array.from({ length: 5 }, () => client.resendEmail({ id })));
    expect(words.filter((word) => word.status === 'fulfilled')).toHaveLength(1);
    expect(mails.received).toHaveLength(1);
    expect(header(mails.received[0]!, 'Message-ID')).toBe(`<${messageId}>`);
    expect(await client.sendEmail(request, call)).toMatchObject({
      id,
      statut: StatutEmail.ENVOYE,
      tentatives: 4,
    });
    expect(mails.received).toHaveLength(1);
  });

  test('sends a mail that no repeat will send', async () => {
    mails.manners = 'puts-off';
    await expect(client.sendEmail(request)).rejects.toMatchObject({ code: UNAVAILABLE });
    const { id } = await newest();
    await expect(client.resendEmail({ id })).rejects.toMatchObject({ code: UNAVAILABLE });
    expect(await newest()).toMatchObject({ id, statut: StatutEmail.A_ENVOYER });
    mails.manners = 'accepts';
    expect(await client.resendEmail({ id })).toMatchObject({ id, statut: StatutEmail.ENVOYE, tentatives: 3 });
  });

  test('does not touch a mail that is being sent', async () => {
    client = await start({ MAIL_TIMEOUT_MS: '10000' });
    mails.manners = 'hangs';
    const sending = client.sendEmail(request);
    await until(() => mails.received.length === 1);
    const { id } = await newest();
    await expect(client.resendEmail({ id })).rejects.toMatchObject(fails(FAILED_PRECONDITION, /is EN_COURS/));
    mails.release();
    expect(await sending).toMatchObject({ id, tentatives: 1 });
  });
});

describe('what an e-mail is for', () => {
  const level = () => ({
    ...{ clientId: 'client-1', destinataire: 'zoe@example.org', modele: 'bienvenue' },
    ...{ variables: { nom: 'Lefèvre' }, envoi: `relance/${randomUUID()}/1/1` },
  });

  test('is said by services only: a stranger who said it first would have the debtor never written to', async () => {
    const person = await start({}, undefined, true);
    const refused = { code: INVALID_ARGUMENT, details: expect.stringContaining('envoi') as string };
    await expect(person.sendEmailWithTemplate(level())).rejects.toMatchObject(refused);
    expect(mails.received).toHaveLength(0);
  });

  test('is for one client', async () => {
    const first = level();
    await client.sendEmailWithTemplate(first);
    const other = client.sendEmailWithTemplate({ ...first, clientId: 'client-2' });
    await expect(other).rejects.toMatchObject({ code: status.ALREADY_EXISTS });
    const failed = { modele: 'reessais-epuises', variables: { nom: 'Lefèvre', montant: '100' } };
    const another = client.sendEmailWithTemplate({ ...first, ...failed });
    await expect(another).rejects.toMatchObject(fails(status.ALREADY_EXISTS, /of the template bienvenue/));
    expect(mails.received).toHaveLength(1);
  });
});

describe('an address that clients has as refused', () => {
  const to = { ...request, destinataire: `zoe@example.org` };
  const refuse = async () => {
    mails.manners = 'refuses';
    await expect(client.sendEmail(to)).rejects.toMatchObject({ code: FAILED_PRECONDITION });
    mails.manners = 'accepts';
  };

  test('gets nothing, with the reason, until it is forgiven; other addresses do', async () => {
    const before = await client.sendEmail(to, keyed('sent-before'));
    const level = { ...withoutText(to), modele: 'bienvenue', envoi: `relance/${randomUUID()}/1/1` };
    const reminded = await client.sendEmailWithTemplate({ ...level, variables: { nom: 'Petit' } });
    await refuse();
    clients.emailStatut = StatutEmailClient.ADRESSE_REFUSEE;
    const call = keyed();
    const refused = fails(FAILED_PRECONDITION, /address of client client-1 is refused \(550 none\)/);
    await expect(client.sendEmail(to, call)).rejects.toMatchObject(refused);
    const modele = { ...withoutText(to), modele: 'bienvenue', variables: { nom: 'Lefèvre' } };
    await expect(client.sendEmailWithTemplate(modele)).rejects.toMatchObject(refused);
    expect(mails.received).toHaveLength(2);
    // a mail that was sent stays sent, whoever asks again
    expect(await client.sendEmail(to, keyed('sent-before'))).toEqual(before);
    expect(await client.sendEmailWithTemplate({ ...level, variables: { nom: 'Grand' } })).toEqual(reminded);
    await client.sendEmail({ ...to, destinataire: 'other@example.org' });
    await client.sendEmail({ ...to, clientId: '' });
    clients.emailStatut = StatutEmailClient.MESSAGE_REFUSE;
    await client.sendEmail(to, call);
    expect(mails.received).toHaveLength(5);
  });

  test('does not get what was put off before it was refused, until it is forgiven', async () => {
    mails.manners = 'puts-off';
    const call = keyed();
    await expect(client.sendEmail(to, call)).rejects.toMatchObject({ code: UNAVAILABLE });
    await refuse();
    clients.emailStatut = StatutEmailClient.ADRESSE_REFUSEE;
    const refused = fails(FAILED_PRECONDITION, /address of client client-1 is refused/);
    await expect(client.sendEmail(to, call)).rejects.toMatchObject(refused);
    expect(mails.received).toHaveLength(0);
    clients.emailStatut = StatutEmailClient.ADRESSE_ACCEPTEE;
    expect(await client.sendEmail(to, call)).toMatchObject({ statut: StatutEmail.ENVOYE });
  });

  test('waits while clients is away', async () => {
    await refuse();
    clients.away = true;
    const call = keyed();
    await expect(client.sendEmail(to, call)).rejects.toMatchObject(fails(UNAVAILABLE, /clients did not say/));
    clients.away = false;
    expect(await client.sendEmail(to, call)).toMatchObject({ statut: StatutEmail.ENVOYE });
  });
});

describe('a mail with an invoice', () => {
  const factureId = 'facture-1';
  const withInvoice = {
    clientId: 'client-1',
    destinataire: 'zoe@example.org',
    modele: 'bienvenue',
    variables: { nom: 'Lefèvre' },
    factureId,
  };
  const pdf = Buffer.from(`%PDF-1.7\n${'é'.repeat(5_000)}`);
  beforeEach(() => invoices.pdfs.set(factureId, pdf));

  /** The file attached to a mail. */
  function attached(mail: string): { filename: string | undefined; content: Buffer } {
    const [, filename, , content] =
      /Content-Disposition: attachment; filename="([^"]*)"\r\n(.+\r\n)*\r\n((?:[A-Za-z0-9+/=]+\r\n)+)/.exec(
        mail,
      ) ?? [];
    return { filename, content: Buffer.from(content ?? '', 'base64') };
  }

  test('carries its PDF, which is not kept', async () => {
    const sent = await client.sendEmailWithTemplate(withInvoice);
    expect(sent).toMatchObject({ statut: StatutEmail.ENVOYE, factureId });
    const [mail] = mails.received;
    expect(attached(mail!)).toEqual({ filename: 'Facture F-2026-0042.pdf', content: pdf });
    expect(mail).toMatch(/multipart\/mixed/);
    expect(mail).toMatch(/Content-Type: application\/pdf/);
    const [{ bytes }] = await db.$queryRaw<[{ bytes: number }]>`
      SELECT pg_column_size(emails.*) AS bytes FROM email.emails WHERE id = ${sent.id}`;
    expect(bytes).toBeLessThan(8_000);
    expect(JSON.stringify(await db.email.findUnique({ where: { id: sent.id } }))).not.toContain('%PDF');
  });

  test('is rendered once for a repeat', async () => {
    const call = handled();
    const first = await client.sendEmailWithTemplate(withInvoice, call);
    invoices.manners = 'away';
    expect(await client.sendEmailWithTemplate(withInvoice, call)).toEqual(first);
    expect(invoices.rendered).toEqual([factureId]);
    expect(mails.received).toHaveLength(1);
  });

  test.each(['away', 'breaks-off', 'not-a-pdf'] as const)(
    'waits while factures is %s, and is sent whole by a repeat',
    async (manners) => {
      invoices.manners = manners;
      const call = handled();
      await expect(client.sendEmailWithTemplate(withInvoice, call)).rejects.toMatchObject(
        fails(UNAVAILABLE, /facture facture-1/),
      );
      expect(await newest()).toMatchObject({ statut: StatutEmail.A_ENVOYER, tentatives: 0 });
      expect((await newest()).erreur).toContain('facture facture-1');
      expect(mails.received).toHaveLength(0);
      invoices.manners = 'renders';
      expect(await client.sendEmailWithTemplate(withInvoice, call)).toMatchObject({
        erreur: '',
        tentatives: 1,
      });
      expect(attached(mails.received[0]!).content).toEqual(pdf);
    },
  );

  test('is rendered again by an operator’s word', async () => {
    mails.manners = 'refuses';
    await expect(client.sendEmailWithTemplate(withInvoice)).rejects.toMatchObject({
      code: FAILED_PRECONDITION,
    });
    mails.manners = 'accepts';
    const { id } = await newest();
    invoices.manners = 'away';
    await expect(client.resendEmail({ id })).rejects.toMatchObject({ code: UNAVAILABLE });
    expect(await newest()).toMatchObject({ id, statut: StatutEmail.REFUSE, tentatives: 1 });
    invoices.manners = 'renders';
    const later = Buffer.from('%PDF-1.7 with its credit note');
    invoices.pdfs.set(factureId, later);
    expect(await client.resendEmail({ id })).toMatchObject({ statut: StatutEmail.ENVOYE });
    expect(attached(mails.received[0]!).content).toEqual(later);
    invoices.manners = 'away';
    await expect(client.resendEmail({ id })).rejects.toMatchObject(fails(FAILED_PRECONDITION, /is ENVOYE/));
  });

  test.each([
    ['that nobody knows', { factureId: 'none' }, NOT_FOUND, /facture none not found/],
    ['of another client', { clientId: 'client-2' }, FAILED_PRECONDITION, /not one of client client-2/],
    ['that is no reference', { factureId: 'a b' }, INVALID_ARGUMENT, /factureId/],
  ])('is refused one %s', async (_, changes, code, words) => {
    const sending = client.sendEmailWithTemplate({ ...withInvoice, ...changes });
    await expect(sending).rejects.toMatchObject(fails(code, words));
    expect(mails.received).toHaveLength(0);
  });

  test('is refused one too large to mail', async () => {
    invoices.pdfs.set(factureId, Buffer.alloc(MAX_PDF_BYTES + 1, '%PDF-'));
    // six megabytes through gRPC and SMTP in one process take seconds on a busy machine
    const sending = client.sendEmailWithTemplate(withInvoice, { deadlineMs: 50_000 });
    await expect(sending).rejects.toMatchObject(fails(FAILED_PRECONDITION, /larger than 6291456 bytes/));
  });
});

describe('a mail whose fate is unknown', () => {
  const unknown = fails(FAILED_PRECONDITION, /may have been delivered .*ResendEmail/);

  test('is held, and sent once more by an operator’s word, as the same mail', async () => {
    mails.manners = 'drops';
    const call = handled();
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(unknown);
    mails.manners = 'accepts';
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(unknown);
    expect(mails.received).toHaveLength(1);

    const { id } = await newest();
    const words = await Promise.allSettled(Array.from({ length: 5 }, () => client.resendEmail({ id })));
    expect(words.filter((word) => word.status === 'fulfilled')).toHaveLength(1);
    expect(mails.received).toHaveLength(2);
    expect(header(mails.received[1]!, 'Message-ID')).toBe(header(mails.received[0]!, 'Message-ID'));
    expect(await client.sendEmail(request, call)).toMatchObject({
      id,
      statut: StatutEmail.ENVOYE,
      tentatives: 2,
    });
    await expect(client.resendEmail({ id })).rejects.toMatchObject(fails(FAILED_PRECONDITION, /is ENVOYE/));
    await expect(client.resendEmail({ id: 'none' })).rejects.toMatchObject({ code: NOT_FOUND });
  });

  test('stays unknown when the operator’s attempt does not reach the server', async () => {
    mails.manners = 'drops';
    await expect(client.sendEmail(request)).rejects.toMatchObject(unknown);
    const { id } = await newest();
    mails.manners = 'puts-off';
    const word = keyed();
    await expect(client.resendEmail({ id }, word)).rejects.toMatchObject({ code: UNAVAILABLE });
    expect(await newest()).toMatchObject({ id, statut: StatutEmail.INCONNU });
    mails.manners = 'accepts';
    await expect(client.resendEmail({ id }, word)).rejects.toMatchObject(unknown);
    expect(await client.resendEmail({ id }, keyed())).toMatchObject({ id, statut: StatutEmail.ENVOYE });
  });

  test('is sent again by a repeat where the policy is resend', async () => {
    client = await start({ MAIL_UNKNOWN: 'resend' });
    mails.manners = 'drops';
    const call = handled();
    await expect(client.sendEmail(request, call)).rejects.toMatchObject({ code: UNAVAILABLE });
    mails.manners = 'accepts';
    expect(await client.sendEmail(request, call)).toMatchObject({
      statut: StatutEmail.ENVOYE,
      tentatives: 2,
    });
  });

  test('is one that the server took and never answered', async () => {
    mails.manners = 'hangs';
    await expect(client.sendEmail(request)).rejects.toMatchObject(unknown);
  });

  test('is one whose process died while sending; a live attempt is left alone', async () => {
    mails.manners = 'puts-off';
    const call = handled();
    await expect(client.sendEmail(request, call)).rejects.toMatchObject({ code: UNAVAILABLE });
    const { id } = await newest();
    mails.manners = 'accepts';
    const taken = (secondsAgo: number) =>
      db.email.update({
        where: { id },
        data: { statut: 'EN_COURS', essaiAt: new Date(Date.now() - secondsAgo * 1000) },
      });
    await taken(8);
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(fails(UNAVAILABLE, /is being sent/));
    await taken(12);
    expect(await client.getEmail({ id })).toMatchObject({ statut: StatutEmail.INCONNU });
    await taken(12);
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(unknown);
    expect(mails.received).toHaveLength(0);
  });
});

test('the work goes on when the caller no longer waits', async () => {
  client = await start({ MAIL_TIMEOUT_MS: '10000' });
  mails.manners = 'hangs';
  const call = handled();
  await expect(client.sendEmail(request, { ...call, deadlineMs: 300 })).rejects.toMatchObject({
    code: DEADLINE_EXCEEDED,
  });
  await until(() => mails.received.length === 1);
  await expect(client.sendEmail(request, call)).rejects.toMatchObject(fails(UNAVAILABLE, /is being sent/));
  mails.release();
  await until(async () => (await newest()).statut === StatutEmail.ENVOYE);
  expect(await client.sendEmail(request, call)).toMatchObject({ tentatives: 1 });
  expect(mails.received).toHaveLength(1);
});

test('a stop waits for what is being sent', async () => {
  client = await start({ MAIL_TIMEOUT_MS: '10000' });
  mails.manners = 'hangs';
  await expect(client.sendEmail(request, { deadlineMs: 300 })).rejects.toMatchObject({
    code: DEADLINE_EXCEEDED,
  });
  await until(() => mails.received.length === 1);
  const { id } = await newest();
  const stopped = running.at(-1)!.stop();
  mails.release();
  await stopped;
  expect(await db.email.findUnique({ where: { id } })).toMatchObject({ statut: 'ENVOYE' });
});

test.each([
  ['a second header in the subject', { sujet: 'x\r\nBcc: y@example.org' }, /^sujet: /],
  ['a second recipient', { destinataire: 'zoe@example.org\r\nBcc: y@example.org' }, /^destinataire: /],
  ['a recipient that is a list', { destinataire: 'zoe@example.org, y@example.org' }, /^destinataire: /],
  ['a NUL in the text', { texte: 'a\0b' }, /^texte: /],
])('refuses %s', async (_, fields, message) => {
  await expect(client.sendEmail({ ...request, ...fields })).rejects.toMatchObject(
    fails(INVALID_ARGUMENT, message),
  );
});

test('shows a template with its sample or with given variables', async () => {
  const sample = await client.previewTemplate({ modele: 'bienvenue' });
  expect(sample.texte).toContain('Bonjour Camille,');
  expect(sample.html).toContain('Bonjour Camille,');
  const given = await client.previewTemplate({ modele: 'bienvenue', variables: { nom: 'SARL Été' } });
  expect(given.texte).toContain('SARL Été');
  await expect(client.previewTemplate({ modele: 'rien' })).rejects.toMatchObject(
    fails(INVALID_ARGUMENT, /^modele: /),
  );
  await expect(
    client.previewTemplate({ modele: 'bienvenue', variables: { prenom: 'Zoé' } }),
  ).rejects.toMatchObject(fails(INVALID_ARGUMENT, /^variables\.nom: /));
});

test('lists by state, newest first', async () => {
  const organisationId = `org-${randomUUID().slice(0, 8)}`;
  const first = await client.sendEmail({ ...request, organisationId });
  const second = await client.sendEmail({ ...request, organisationId });
  const page = await client.getEmails({ organisationId, statut: StatutEmail.ENVOYE, pageSize: 1 });
  expect(page.emails).toEqual([second]);
  const rest = await client.getEmails({
    organisationId,
    statut: StatutEmail.ENVOYE,
    pageToken: page.nextPageToken,
  });
  expect(rest.emails).toEqual([first]);
  expect((await client.getEmails({ organisationId, statut: StatutEmail.INCONNU })).emails).toEqual([]);
});

describe('a refusal is told to the client', () => {
  const refused = fails(FAILED_PRECONDITION, /refused by the mail server/);
  const told = { id: 'client-1', email: request.destinataire, statut: 'ADRESSE_REFUSEE' };

  test('once, in the mail server’s words, without addresses', async () => {
    mails.manners = 'refuses';
    const call = handled();
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(refused);
    await expect(client.sendEmail(request, call)).rejects.toMatchObject(refused);
    expect(clients.refusals).toEqual([{ ...told, raison: '550 5.1.1 <…>: no such mailbox' }]);
    expect(await newest()).toMatchObject({ statut: StatutEmail.REFUSE, codeRefus: '5.1.1' });
  });

  test('by a repeat, where clients was away', async () => {
    mails.manners = 'refuses';
    clients.away = true;
    const call = handled();
    // this address has never refused anything, so clients is not asked about it
    const first = { ...request, destinataire: `${randomUUID()}@example.org` };
    await expect(client.sendEmail(first, call)).rejects.toMatchObject(
      fails(UNAVAILABLE, /clients did not record/),
    );
    clients.away = false;
    await expect(client.sendEmail(first, call)).rejects.toMatchObject(refused);
    expect(clients.refusals).toHaveLength(1);
  });

  test('in as many characters as clients takes, however long the diagnostic is', async () => {
    const { id } = await client.sendEmail(request);
    await client.recordBounce({
      ...{ destinataire: request.destinataire, code: '5.1.1' },
      diagnostic: 'é'.repeat(600),
    });
    expect(clients.refusals.map(({ raison }) => raison)).toEqual([`5.1.1 ${'é'.repeat(494)}`]);
    expect(await client.getEmail({ id })).toMatchObject({ statut: StatutEmail.BOUNCE });
  });

  test('what clients refuses for good is said as it is: another call would not mend it', async () => {
    await client.sendEmail(request);
    clients.refuses = true;
    const bounce = { destinataire: request.destinataire, code: '5.1.1' };
    await expect(client.recordBounce(bounce)).rejects.toMatchObject(
      fails(INVALID_ARGUMENT, /raison.*is refused/),
    );
  });

  test('not where nobody knows the client, or no client is named', async () => {
    mails.manners = 'refuses';
    for (const clientId of ['client-elsewhere', '']) {
      await expect(client.sendEmail({ ...request, clientId })).rejects.toMatchObject(refused);
    }
    expect(clients.refusals).toEqual([]);
  });
});

describe('who signs', () => {
  const ofOrganisation = { ...request, organisationId: 'org-1' };
  beforeEach(() => {
    societes.societes.set('org-1', {
      ...{ raisonSociale: 'Énergie & Cie', formeJuridique: 'SAS', rcs: 'Paris', contact: '01 23 45 67 89' },
      ...{ expediteurNom: 'Énergie', expediteurAdresse: 'factures@energie.example' },
      ...{ replyTo: 'compta@energie.example', paiement: 'par carte' },
    });
  });

  test('an organisation’s mail is from its société; what cannot be delivered comes back to the platform', async () => {
    const sent = await client.sendEmail(ofOrganisation);
    expect(sent).toMatchObject({ expediteurNom: 'Énergie', replyTo: 'compta@energie.example' });
    const [mail] = mails.received;
    expect(header(mail!, 'From')).toBe('=?UTF-8?Q?=C3=89nergie?= <factures@energie.example>');
    expect(header(mail!, 'Reply-To')).toBe('compta@energie.example');
    expect(sent.messageId).toMatch(/@suivi\.invalid$/);
    expect(mails.returnPaths).toEqual(['ne-pas-repondre@suivi.invalid']);
  });

  test('a template names it, its mentions, its contact and how to pay it; another organisation’s does not', async () => {
    const template = { ...withoutText(request), modele: 'bienvenue', variables: { nom: 'X' } };
    const ofSociete = await client.previewTemplate({ modele: 'facture', organisationId: 'org-1' });
    expect(ofSociete).toMatchObject({ expediteurAdresse: 'factures@energie.example' });
    expect(ofSociete.texte.replaceAll('\u00a0', ' ')).toMatch(
      /Comment régler\nPar carte\nRéférence[^]*Votre contact : 01 23 45 67 89[^]*L’équipe Énergie\n[^]*Énergie & Cie, SAS · RCS Paris$/,
    );
    await client.sendEmailWithTemplate({ ...template, organisationId: 'org-2' });
    expect(header(mails.received[0]!, 'From')).toBe('Suivi <ne-pas-repondre@suivi.invalid>');
    expect(mails.received[0]).not.toContain('RCS');
    expect(header(mails.received[0]!, 'Reply-To')).toBeUndefined();
  });

  test('every attempt is from the same, whatever has changed since', async () => {
    mails.manners = 'puts-off';
    const call = keyed();
    await expect(client.sendEmail(ofOrganisation, call)).rejects.toMatchObject({ code: UNAVAILABLE });
    societes.societes.set('org-1', { raisonSociale: 'Autre' });
    mails.manners = 'accepts';
    await client.sendEmail(ofOrganisation, call);
    expect(header(mails.received[0]!, 'From')).toContain('<factures@energie.example>');
  });

  test('an address of a domain that the mail server may not send from gets the answers', async () => {
    client = await start({ MAIL_SENDER_DOMAINS: 'example.org, Energie2.example' });
    societes.societes.get('org-1')!.replyTo = '';
    await client.sendEmail(ofOrganisation);
    expect(header(mails.received[0]!, 'From')).toBe(
      '=?UTF-8?Q?=C3=89nergie?= <ne-pas-repondre@suivi.invalid>',
    );
    expect(header(mails.received[0]!, 'Reply-To')).toBe('factures@energie.example');
  });

  test.each([
    ['expediteurNom', 'Énergie\r\nBcc: y@example.org'],
    ['expediteurAdresse', 'x@energie.example>\r\nBcc: y@example.org'],
    ['expediteurAdresse', 'x@energie.example, y@example.org'],
    ['replyTo', 'x@energie.example\nBcc: y@example.org'],
  ] as const)(
    '%s that would be a header of its own is refused, however it got there',
    async (field, value) => {
      societes.societes.get('org-1')![field] = value;
      await expect(client.sendEmail(ofOrganisation)).rejects.toMatchObject(
        fails(FAILED_PRECONDITION, new RegExp(`^${field} of société .* cannot stand in a header`)),
      );
      expect(mails.received).toEqual([]);
    },
  );

  test('while organisations is away nothing is sent', async () => {
    societes.away = true;
    await expect(client.sendEmail(ofOrganisation)).rejects.toMatchObject(
      fails(UNAVAILABLE, /organisations did not say/),
    );
  });
});

test('a credit note comes with its PDF', async () => {
  const avoirId = randomUUID();
  invoices.pdfs.set(avoirId, Buffer.from('%PDF-1.7 avoir'));
  const { sample } = templates.avoir!;
  const mail = { ...withoutText(request), modele: 'avoir', variables: sample, avoirId };
  expect(await client.sendEmailWithTemplate(mail)).toMatchObject({ statut: StatutEmail.ENVOYE, avoirId });
  expect(mails.received[0]).toMatch(/filename="?Avoir A-2026-0007\.pdf/);
  await expect(client.sendEmailWithTemplate({ ...mail, factureId: avoirId })).rejects.toMatchObject({
    code: INVALID_ARGUMENT,
  });
});

test('addresses are not logged, whatever becomes of the mail', async () => {
  const lines: string[] = [];
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) });
  client = await start({}, log);
  for (const manners of ['accepts', 'puts-off', 'refuses', 'drops'] as const) {
    mails.manners = manners;
    await client.sendEmail(request).catch(() => undefined);
  }
  const bounce = {
    destinataire: request.destinataire,
    code: '5.1.1',
    diagnostic: `<${request.destinataire}>`,
  };
  await client.recordBounce(bounce);
  await expect(client.recordBounce({ destinataire: 'zoe@elsewhere.example' })).rejects.toMatchObject(
    fails(NOT_FOUND, /^email to this recipient not found$/),
  );
  expect(lines.length).toBeGreaterThan(3);
  expect(lines.join('')).not.toMatch(/zoe|@example|@elsewhere/);
});

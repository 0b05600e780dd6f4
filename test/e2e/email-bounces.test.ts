import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { EmailServiceService, type Email } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { outcomesOf } from '../support/workflows.ts';

const stack = sharedStack();
const clients = stack.client('clients', ClientBaseServiceService);
const emails = stack.client('email', EmailServiceService);
const factures = stack.client('factures', InvoiceServiceService);
const organisationId = unique('org');

afterAll(() => stack.close());

/** A client who has got the welcome mail. */
async function welcomed(): Promise<{ client: Client; mail: Email }> {
  const client = await clients.create({ organisationId, nom: 'Lefèvre', email: uniqueAddress() });
  const mail = await until('the welcome mail', async () => {
    const { emails: sent } = await emails.getEmails({ clientId: client.id });
    return sent.find(({ statut }) => statut === 'ENVOYE');
  });
  return { client, mail };
}

const report = (
  { messageId, destinataire }: Email,
  status: string,
  diagnostic = `550 ${status} <${destinataire}> unknown`,
) =>
  Buffer.from(
    [
      'From: MAILER-DAEMON@mx.example.org',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="XX"',
      ...['', '--XX', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.example.org', ''],
      ...[`Final-Recipient: rfc822; ${destinataire}`, 'Action: failed', `Status: ${status}`],
      `Diagnostic-Code: smtp; ${diagnostic}`,
      ...[
        '',
        '--XX',
        'Content-Type: text/rfc822-headers',
        '',
        `Message-ID: <${messageId}>`,
        '',
        '--XX--',
        '',
      ],
    ].join('\r\n'),
  );

/** The outcome of the mail handler in an invoice's workflow. */
async function invoiceMailOutcome(clientId: string) {
  const { id } = await factures.create({ organisationId, clientId, montant: 1000n });
  const temporal = await stack.temporal();
  const query = `WorkflowType = 'invoiceCreated' AND InvoiceId = '${id}'`;
  const workflowId = await until(`the workflow of ${id}`, async () => {
    for await (const found of temporal.workflow.list({ query })) return found.workflowId;
  });
  return (await outcomesOf(temporal, workflowId)).email;
}

test('a report of an unknown mailbox: the mail is BOUNCE, the client’s address is not written to until it changes', async () => {
  const { client, mail } = await welcomed();
  expect(client).toMatchObject({ emailStatut: 'ADRESSE_ACCEPTEE', emailRefuseRaison: '' });
  const rapport = report(mail, '5.1.1');
  const settings = { metadata: { 'idempotency-key': randomUUID() } };
  const first = await emails.recordBounce({ rapport }, settings);
  expect(first).toMatchObject({
    enregistre: true,
    email: { id: mail.id, statut: 'BOUNCE', codeRefus: '5.1.1', erreur: '550 5.1.1 <…> unknown' },
  });
  expect(await emails.recordBounce({ rapport }, settings)).toEqual(first);
  expect(await emails.recordBounce({ rapport })).toEqual(first);
  const { emails: bounced } = await emails.getEmails({
    organisationId,
    clientId: client.id,
    statut: 'BOUNCE',
  });
  expect(bounced).toEqual([first.email]);

  const refused = await clients.get({ id: client.id });
  expect(refused).toMatchObject({
    emailStatut: 'ADRESSE_REFUSEE',
    emailRefuseRaison: '550 5.1.1 <…> unknown',
    emailRefuseAt: expect.any(Date) as Date,
  });
  expect(await invoiceMailOutcome(client.id)).toEqual({
    skipped: 'l’adresse e-mail du client est refusée\u00a0: 550 5.1.1 <…> unknown',
  });

  // the same address again says nothing new, another one does
  expect(await clients.update({ id: client.id, email: client.email, nom: 'X' })).toMatchObject({
    emailStatut: 'ADRESSE_REFUSEE',
  });
  const changed = await clients.update({ id: client.id, email: uniqueAddress() });
  expect(changed).toMatchObject({ emailStatut: 'ADRESSE_ACCEPTEE', emailRefuseRaison: '' });
  expect(changed.emailRefuseAt).toBeUndefined();
  expect(await invoiceMailOutcome(client.id)).toMatchObject({ done: expect.any(String) as string });
}, 120_000);

/** The command that a mail server pipes what comes back into. */
async function pipe(message: Uint8Array, env: Record<string, string> = {}, files: string[] = []) {
  const ops = spawn(process.execPath, ['--import', 'tsx', 'tools/ops.ts', 'bounce', ...files], {
    env: { ...process.env, TOKEN: await stack.token(), EMAIL_ADDRESS: stack.address('email'), ...env },
  });
  ops.stdin.end(message);
  const closed = once(ops, 'close') as Promise<[number]>;
  const [out, error, [code]] = await Promise.all([text(ops.stdout), text(ops.stderr), closed]);
  return { code, said: out + error };
}

test('a mail server’s pipe records what comes back, leaves what is no report, and is told to wait', async () => {
  const { client, mail } = await welcomed();
  const recorded = await pipe(report(mail, '5.1.1'));
  expect(recorded).toEqual({ code: 0, said: `-: email ${mail.id} BOUNCE\n` });
  expect((await clients.get({ id: client.id })).emailStatut).toBe('ADRESSE_REFUSEE');
  // nothing of the platform writes there any more, a caller of the e-mail service included
  const send = { clientId: client.id, destinataire: client.email, sujet: 'Bonjour', texte: 'Bonjour' };
  expect(await refusalOf(emails.sendEmail(send))).toMatchObject({
    ...{ code: 'FAILED_PRECONDITION', reason: 'ADRESSE_REFUSEE' },
  });
  await clients.clearEmailRefusal({ id: client.id });
  expect((await emails.sendEmail(send)).statut).toBe('ENVOYE');

  const answer = await pipe(Buffer.from('From: zoe@example.org\r\nSubject: Re\r\n\r\nMerci !\r\n'));
  expect(answer).toMatchObject({
    code: 0,
    said: expect.stringMatching(/ignored: email that this one answers not found/) as string,
  });
  const away = await pipe(report(mail, '5.1.1'), { EMAIL_ADDRESS: '127.0.0.1:1' });
  expect(away).toMatchObject({ code: 75, said: expect.stringMatching(/not recorded/) as string });
  // the pipe also keeps it if there is no caller, as while Keycloak is away
  const nobody = await pipe(report(mail, '5.1.1'), { TOKEN: '', JWT_SECRET: '', DATA_DIR: '/nonexistent' });
  expect(nobody).toMatchObject({ code: 75, said: expect.stringMatching(/not recorded/) as string });
}, 120_000);

test('what the mail server said refines the status of its report', async () => {
  const judged = async (status: string, diagnostic: string) => {
    const { client, mail } = await welcomed();
    const { email } = await emails.recordBounce({ rapport: report(mail, status, diagnostic) });
    return [email!.codeRefus, (await clients.get({ id: client.id })).emailStatut];
  };
  expect(await judged('5.1.1', '550 5.7.1 our address is on a blocklist')).toEqual([
    '5.7.1',
    'MESSAGE_REFUSE',
  ]);
  expect(await judged('5.1.0', '550 5.1.0 <sender@example.org> sender rejected')).toEqual([
    ...['5.1.0', 'MESSAGE_REFUSE'],
  ]);
  expect(await judged('5.0.0', '550 5.1.1 user unknown')).toEqual(['5.1.1', 'ADRESSE_REFUSEE']);
}, 120_000);

test('a file that is not there is no reason to hand it over again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'mail-in-'));
  const empty = join(folder, 'empty.eml');
  await writeFile(empty, '');
  const nobody = { TOKEN: '', JWT_SECRET: '', DATA_DIR: '/nonexistent' };
  const said = (files: string[]) => pipe(Buffer.alloc(0), nobody, files);
  expect(await said([join(folder, 'nope')])).toMatchObject({
    ...{ code: 66, said: expect.stringMatching(/nope: not recorded: ENOENT/) as string },
  });
  expect((await said([folder])).code).toBe(66);
  expect(await said([empty])).toEqual({ code: 65, said: `${empty}: not recorded: it is empty\n` });
  expect((await said([])).code).toBe(65);
  const some = join(folder, 'some.eml');
  await writeFile(some, 'Subject: x\n\n');
  expect((await said([some, empty, folder])).code).toBe(75);
}, 60_000);

test('a full mailbox is shown, and written to all the same', async () => {
  const { client, mail } = await welcomed();
  await emails.recordBounce({ messageId: `<${mail.messageId}>`, code: '5.2.2', diagnostic: 'full' });
  expect(await clients.get({ id: client.id })).toMatchObject({
    ...{ emailStatut: 'MESSAGE_REFUSE', emailRefuseRaison: '5.2.2 full' },
  });
  expect(await invoiceMailOutcome(client.id)).toMatchObject({ done: expect.any(String) as string });
}, 90_000);

test('by the recipient alone the newest mail is meant; a client with another address by now is left alone', async () => {
  const { client, mail } = await welcomed();
  await clients.update({ id: client.id, email: uniqueAddress() });
  const { email, enregistre } = await emails.recordBounce({ destinataire: mail.destinataire, code: '5.1.1' });
  expect([email?.id, enregistre]).toEqual([mail.id, true]);
  expect((await clients.get({ id: client.id })).emailStatut).toBe('ADRESSE_ACCEPTEE');
}, 60_000);

test('a person can forget a refusal; a later message’s does not soften the address’s', async () => {
  const { id, email } = await clients.create({ organisationId, nom: 'X', email: uniqueAddress() });
  const record = (statut: 'ADRESSE_REFUSEE' | 'MESSAGE_REFUSE', raison: string) =>
    clients.recordEmailRefusal({ id, email: email.toUpperCase(), statut, raison });
  expect(await record('ADRESSE_REFUSEE', 'a')).toMatchObject({ emailStatut: 'ADRESSE_REFUSEE' });
  expect(await record('MESSAGE_REFUSE', 'b')).toMatchObject({
    ...{ emailStatut: 'ADRESSE_REFUSEE', emailRefuseRaison: 'a' },
  });
  expect(await clients.clearEmailRefusal({ id })).toMatchObject({ emailStatut: 'ADRESSE_ACCEPTEE' });
  for (const call of [
    () => clients.clearEmailRefusal({ id: unique('none') }),
    () => clients.recordEmailRefusal({ id: unique('none'), email, statut: 'MESSAGE_REFUSE', raison: 'x' }),
  ]) {
    expect((await refusalOf(call())).code).toBe('NOT_FOUND');
  }
});

test('what is no bounce of an e-mail of ours is refused', async () => {
  const { mail } = await welcomed();
  const faults: [Parameters<typeof emails.recordBounce>[0], string][] = [
    [{}, 'INVALID_ARGUMENT'],
    [{ rapport: Buffer.from('Bonjour') }, 'INVALID_ARGUMENT'],
    [{ rapport: report(mail, '5.1.1'), messageId: mail.messageId }, 'INVALID_ARGUMENT'],
    [{ messageId: mail.messageId, code: '9.9.9' }, 'INVALID_ARGUMENT'],
    [{ rapport: report({ ...mail, messageId: 'x@forged.example' }, '5.1.1') }, 'NOT_FOUND'],
    [{ messageId: mail.messageId, destinataire: uniqueAddress() }, 'NOT_FOUND'],
  ];
  for (const [request, code] of faults) {
    expect((await refusalOf(emails.recordBounce(request))).code).toBe(code);
  }
  const delayed = Buffer.from(report(mail, '4.4.1').toString().replace('failed', 'delayed'));
  expect((await emails.recordBounce({ rapport: delayed })).enregistre).toBe(false);
  expect((await emails.getEmail({ id: mail.id })).statut).toBe('ENVOYE');
}, 60_000);

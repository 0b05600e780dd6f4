import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { descriptors, PORTS, type ServiceName } from '@crm/kit';
import { EmailServiceService } from '@crm/proto/email/email';
import { sharedStack, type Mail } from '../support/stack.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const emails = stack.client('email', EmailServiceService);
const README = readFileSync('README.md', 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'suivi-readme-'));

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await stack.close();
});

/** The blocks of README that call services, as one script. */
const CALLS = README.split(/^```.*$/m)
  .filter((_, index) => index % 2 === 1)
  .filter((block) => block.includes('grpcurl -plaintext'));

const command = (name: string, script: string) => {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
};

type MailWithFiles = Mail & { attachments?: { contentType: string; filename: string }[] };

test('the calls of README do what it says: the invoice is the client’s, and its mail has the PDF', async () => {
  expect(CALLS).toHaveLength(2);
  command('grpcurl', `exec "${process.execPath}" --import tsx "${resolve('test/support/grpcurl.ts')}" "$@"`);
  command('npm', `[ "$*" = "run -s token" ] && echo "$README_TOKEN"`);
  const script = ['set -eu', ...CALLS, 'echo "CLIENT=$CLIENT"'].join('\n');
  const { stdout } = await promisify(execFile)('sh', ['-c', script], {
    env: {
      ...process.env,
      PATH: `${folder}:${process.env.PATH}`,
      README_TOKEN: await stack.token(),
      PORT_OFFSET: String(stack.portOffset),
    },
  });
  const [, clientId] = /^CLIENT=([0-9a-f-]{36})$/m.exec(stdout) ?? [];
  const answers = stdout.split(/^(?=\{$)/m).map((json) => json.replace(/^CLIENT=.*$/m, ''));
  const [client, invoice, preview] = answers.map((json) => JSON.parse(json) as Record<string, unknown>);
  expect(client).toMatchObject({ id: clientId, nom: 'Test', organisationId: 'org-123' });
  expect(invoice).toMatchObject({ clientId, montant: '1000', organisationId: 'org-123' });
  expect(preview).toMatchObject({ envois: [{ niveau: 1, datePrevue: '2026-06-01T07:00:00Z' }] });

  const { messageId } = await until('the invoice mail', async () => {
    const { emails: sent } = await emails.getEmails({ clientId: clientId! });
    return sent.find(({ modele, statut }) => modele === 'facture' && statut === 'ENVOYE');
  });
  const mails: MailWithFiles[] = await stack.mailsTo('test.user@example.org');
  const mail = mails.find(({ headers }) => headers['message-id'] === `<${messageId}>`);
  expect(mail!.attachments).toMatchObject([{ contentType: 'application/pdf' }]);
  expect(mail!.attachments![0]!.filename).toContain(String(invoice!.numero));
}, 90_000);

test('every method that README names is there, at its port', () => {
  const named = [...README.matchAll(/(?:localhost:(\d+) )?\b([a-z]+)\.([A-Z]\w+Service)\/([A-Z]\w+)/g)];
  expect(named.length).toBeGreaterThan(5);
  for (const [text, port, name, service, method] of named) {
    const known = descriptors.getService(`${name}.${service}`)?.methods.map((one) => one.name) ?? [];
    expect([text, known]).toEqual([text, expect.arrayContaining([method]) as string[]]);
    if (port) expect([text, PORTS[name as ServiceName]]).toEqual([text, Number(port)]);
  }
});

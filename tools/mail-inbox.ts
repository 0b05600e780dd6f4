import { join } from 'node:path';
import type { Child } from './child.ts';
import { httpGet } from './http-get.ts';
import { packageFolder } from './package-folder.ts';
import { PlainError } from './plain-error.ts';
import { serverFolder, startServer, type ServerContext } from './server.ts';

/** The most mails that are kept: all of them are read at every start. */
const KEPT_MAILS = 2_000;

/**
 * Starts maildev: it takes every mail sent to its SMTP port and shows it on its web port. Mails are files in
 * the data folder and survive a restart. A small young generation saves 25 MB of memory and some start time.
 */
export async function startMailInbox(context: ServerContext): Promise<Child> {
  const { dataDir, ports } = context;
  const maildev = packageFolder('maildev');
  if (!maildev)
    throw new PlainError(
      'maildev is not installed: npm install, or name an SMTP server of yours in SMTP_URL.',
    );
  return await startServer(context, {
    name: 'mail',
    title: 'The mail inbox',
    file: process.execPath,
    args: [
      ...['--max-semi-space-size=1', join(maildev, 'dist/bin/maildev.js')],
      ...['--ip', '127.0.0.1', '--smtp', String(ports.smtp)],
      ...['--web-ip', '127.0.0.1', '--web', String(ports.mailInbox)],
      ...['--mail-directory', serverFolder(dataDir, 'mail'), '--max-emails', String(KEPT_MAILS)],
    ],
    ready: async () => (await httpGet(ports.mailInbox, '/api/healthz')).status === 200,
    readyWithinMs: 60_000,
  });
}

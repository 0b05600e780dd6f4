import type { Connected } from '@crm/kit';
import { EmailServiceService, GenreReponse } from '@crm/proto/email/email';
import { status, type ServiceError } from '@grpc/grpc-js';
import { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { describeError } from '../plain-error.ts';
import { withServices } from './service-callers.ts';

/** Exit codes that mail servers know (sysexits.h). Of several the first that applies is used. */
const EXIT = {
  /** Keep the message and deliver it again. */
  TEMPFAIL: 75,
  /** The file does not exist or cannot be read. */
  NOINPUT: 66,
  /** The file is empty. */
  DATAERR: 65,
};
const IN_ORDER = [EXIT.TEMPFAIL, EXIT.NOINPUT, EXIT.DATAERR];

/** Errors that another attempt would repeat. */
const NO_SUCH_FILE = new Set(['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG']);

/** Neither a report nor an answer, or about no e-mail of ours: another attempt would not help. */
const NOT_OURS = new Set<unknown>([status.INVALID_ARGUMENT, status.NOT_FOUND, status.FAILED_PRECONDITION]);

/**
 * The part of a message that is sent to the e-mail service. The relevant part is the beginning; attachments
 * come last.
 */
const MOST_BYTES = 900_000;

/** Takes what a mail server pipes in. */
export const mailIn = new Command('mail-in')
  .alias('bounce')
  .description(
    'takes what comes to the mailbox that our e-mails are sent from, as files or on standard input: delivery reports ' +
      '(RFC 3464, and what older mail servers write) and answers to our e-mails; what machines answer has no effect. ' +
      'Whatever else comes is named and left. Exit code 75: not now, hand it over again; 66: no such file; 65: an empty one',
  )
  .argument('[files...]', 'messages as they arrived; none: one on standard input')
  .action(async (files: string[]) => {
    for (const name of files.length ? files : ['-']) {
      const message = await read(name).catch((error: NodeJS.ErrnoException) => {
        fails(NO_SUCH_FILE.has(error.code ?? '') ? EXIT.NOINPUT : EXIT.TEMPFAIL, name, error.message);
      });
      if (!message) continue;
      if (message.length === 0) fails(EXIT.DATAERR, name, 'it is empty');
      else await handOver(name, message);
    }
  });

/**
 * Reads the first part of a message. The rest is read too and dropped, or the mail server would keep the
 * message.
 */
async function read(name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let left = MOST_BYTES;
  for await (const chunk of (name === '-'
    ? process.stdin
    : createReadStream(name)) as AsyncIterable<Buffer>) {
    if (left > 0) chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
  }
  return Buffer.concat(chunks);
}

/** Records a delivery report, or else an answer. If it is neither, the error is the one about the report. */
async function record(emails: Connected<typeof EmailServiceService>, message: Buffer): Promise<string> {
  const hasCode = (error: unknown, code: status) => (error as ServiceError).code === code;
  try {
    const { email, enregistre } = await emails.recordBounce({ rapport: message });
    return `email ${email!.id} ${enregistre ? email!.statut : 'has not come back'}`;
  } catch (noReport) {
    if (!hasCode(noReport, status.INVALID_ARGUMENT)) throw noReport;
    try {
      const { reponse } = await emails.recordReply({ message });
      const { id, emailId, genre, raison, tacheId } = reponse!;
      const became = genre === GenreReponse.REPONSE ? `task ${tacheId}` : `${raison}, without effect`;
      return `answer ${id} to email ${emailId} ${genre}: ${became}`;
    } catch (noReply) {
      throw hasCode(noReply, status.INVALID_ARGUMENT) ? noReport : noReply;
    }
  }
}

async function handOver(name: string, message: Buffer): Promise<void> {
  try {
    await withServices(async (call) => {
      const emails = call('email', EmailServiceService);
      try {
        console.log(`${name}: ${await record(emails, message)}`);
      } catch (error) {
        const { code, details } = error as ServiceError;
        if (NOT_OURS.has(code)) console.error(`${name}: ignored: ${details}`);
        else fails(EXIT.TEMPFAIL, name, details ?? String(error));
      }
    });
  } catch (error) {
    // no identity, or Keycloak is away: with any other code the mail server would drop the message
    fails(EXIT.TEMPFAIL, name, describeError(error));
  }
}

function fails(code: number, name: string, why: string): void {
  console.error(`${name}: not recorded: ${why}`);
  process.exitCode = IN_ORDER.find((one) => one === code || one === process.exitCode)!;
}

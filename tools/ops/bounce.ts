import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { EmailServiceService } from '@crm/proto/email/email';
import { status, type ServiceError } from '@grpc/grpc-js';
import { Command } from 'commander';
import { describeError } from '../plain-error.ts';
import { withServices } from './service-callers.ts';

/** What tells a mail server to keep a message and hand it over again (sysexits.h). */
const EX_TEMPFAIL = 75;
/** No report, or none of an e-mail of ours: it will never be one. */
const NOT_OURS = new Set<unknown>([status.INVALID_ARGUMENT, status.NOT_FOUND, status.FAILED_PRECONDITION]);

/** Takes what comes back from a mail server's pipe. */
export const bounce = new Command('bounce')
  .description(
    'records e-mails that came back: delivery status notifications (RFC 3464), as files or on standard input. ' +
      'Whatever else comes is named and left; exit code 75: not now, hand it over again',
  )
  .argument('[files...]', 'messages as they arrived; none: one on standard input')
  .action(async (files: string[]) => {
    const messages = files.length ? files : ['-'];
    const notNow = (name: string, why: string) => {
      process.exitCode = EX_TEMPFAIL;
      console.error(`${name}: not recorded: ${why}`);
    };
    try {
      await withServices(async (call) => {
        const emails = call('email', EmailServiceService);
        for (const name of messages) {
          try {
            const rapport = name === '-' ? await buffer(process.stdin) : await readFile(name);
            const { email, enregistre } = await emails.recordBounce({ rapport });
            console.log(`${name}: email ${email!.id} ${enregistre ? email!.statut : 'has not come back'}`);
          } catch (error) {
            const { code, details } = error as ServiceError;
            if (NOT_OURS.has(code)) console.error(`${name}: ignored: ${details}`);
            else notNow(name, details ?? String(error));
          }
        }
      });
    } catch (error) {
      // nobody says who calls, or Keycloak is away: any other code has a mail server throw the message away
      notNow(messages.join(', '), describeError(error));
    }
  });

import { userInfo } from 'node:os';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { adoptInvoices } from './adopt-invoices.ts';
import { checkWho } from './check-who.ts';

type Options = { org: string; dryRun?: boolean; yes?: boolean; perSecond: string; who: string };

/** The slowest rate of starts per second: timers have limits. */
const SLOWEST = 0.01;
const FASTEST = 1_000;

/** Starts reminders for invoices from before Suivi. */
export const adopt = new Command('adopt')
  .description(
    'starts the reminders of open invoices that have none: brought in from elsewhere, without an event',
  )
  .requiredOption('--org <id>', 'of this organisation')
  .option('--dry-run', 'only say what would be done')
  .option('--yes', 'do it without asking')
  .option('--per-second <number>', `start so many a second at most, from ${SLOWEST} to ${FASTEST}`, '20')
  .option('--who <name>', 'who says so; kept in the history', userInfo().username)
  .addHelpText(
    'after',
    `
What will be done is said first, and asked for; without a terminal nothing is done unless --yes says so.
Levels whose time has passed are left out ("antérieur à la reprise"), the coming ones are sent as usual. An invoice
whose reminders exist is left alone: run it again whenever you like, also after it was interrupted.
Not adopted: rejected payments. A debit is presented again only after a rejection that Suivi saw, or a client could be
debited twice; reject it with payments.PaymentService/Reject to have its retries begin. Nor first follow-ups: those
are for clients that are new.`,
  )
  .action(async ({ org, dryRun, yes, perSecond, who }: Options) => {
    const rate = Number(perSecond);
    if (!(rate >= SLOWEST && rate <= FASTEST))
      throw new PlainError(`--per-second ${perSecond} is no number from ${SLOWEST} to ${FASTEST}.`);
    checkWho(who);
    await adoptInvoices({ org, dryRun, yes, rate, who });
  });

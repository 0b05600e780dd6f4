import { todayInParis } from '@crm/domain';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { simulateInvoice } from './simulate-invoice.ts';
import { endOf, type SimulateOptions } from './simulate-options.ts';
import { simulatePayment } from './simulate-payment.ts';

/** Forecasts reminders and retries with the functions that plan the real ones. */
export const simulate = new Command('simulate')
  .description(
    'what an invoice’s reminders and a payment’s retries will send and present, when, and by which rule',
  )
  .option(
    '--invoice <id>',
    'an invoice of the running platform, as far as its reminders and its payments’ retries have come',
  )
  .option('--date-facture <YYYY-MM-DD>', 'instead: the date of an invoice that does not exist')
  .option('--date-echeance <YYYY-MM-DD>', 'its due date; default: 30 days later')
  .option('--payment <id>', 'instead: a payment of the running platform, as far as its retries have come')
  .option(
    '--rejet <date-time>',
    'its rejection, past or to come; without --payment, of a payment that does not exist',
  )
  .option('--motif <code>', 'why it is rejected, and why each of its retries is', 'AM04')
  .option('--paid-at-attempt <n>', 'this retry is collected; default: each is rejected again')
  .option('--montant <cents>', 'its amount in cents', '100000')
  .option('--policy <file.json>', 'the levels, or the retry policy, to use instead of those in force')
  .option('--compare <file2.json>', 'other levels or another policy: prints what they change')
  .requiredOption('--until <YYYY-MM-DD>', 'how far to look, to the end of that day')
  .addHelpText(
    'after',
    `
A file: {"niveaux": [{"niveau": 1, "base": "DATE_FACTURE", "delai": "P15D", "modele": "rappel"}]}
a level that is a call or a letter: {"niveau": 2, "delai": "P25D", "canal": "APPEL"} (or "LETTRE")
of retries: {"delaisJours": [5, 10, 20], "maxTentatives": 3, "maxJoursTotal": 30, "heureLimite": "10:00"}
The bank’s answer to a retry is assumed to come at noon of the day on which it is collected.`,
  )
  .action(async (options: SimulateOptions) => {
    const isPayment = Boolean(options.payment ?? options.rejet);
    if (isPayment && (options.invoice ?? options.dateFacture))
      throw new PlainError(
        'Say one: an invoice (--invoice, --date-facture) or a payment (--payment, --rejet).',
      );
    if (!isPayment && options.paidAtAttempt)
      throw new PlainError('--paid-at-attempt needs --payment or --rejet: the reminders do not know of it.');
    if (isPayment) await simulatePayment(options);
    else await simulateInvoice(options, endOf(options.until, todayInParis()));
  });

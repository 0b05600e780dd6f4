import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { A_CLIENT } from './find-client.ts';
import { AN_INVOICE } from './find-invoice.ts';
import { simulateInvoice } from './simulate-invoice.ts';
import { DEFAULT_DAYS, type SimulateOptions } from './simulate-options.ts';
import { simulatePayment } from './simulate-payment.ts';

/** Forecasts reminders and retries, as the services that plan the real ones foresee them. */
export const simulate = new Command('simulate')
  .description(
    'what invoices and payments will send and present, when, by which rule, and what other rules would change',
  )
  .option('--invoice <number>', `an invoice of the running platform: ${AN_INVOICE}`)
  .option('--org <id or code>', 'alone: all open invoices of an organisation; else whose number or rules')
  .option('--client <name>', `with --org: only those of a client: ${A_CLIENT}`)
  .option('--date-facture <YYYY-MM-DD>', 'instead: the date of an invoice that does not exist')
  .option('--date-echeance <YYYY-MM-DD>', 'its due date; default: 30 days later')
  .option('--payment <id>', 'instead: a payment of the running platform, as far as its retries have come')
  .option(
    '--rejet <date-time>',
    'its rejection, past or to come; without --payment, of a payment that does not exist',
  )
  .option('--motif <code>', 'why debits are rejected, and why each of their retries is', 'AM04')
  .option('--collected', 'of invoices: every debit is collected; default: each is rejected')
  .option('--paid-at-attempt <n>', 'of a payment: this retry is collected; default: each is rejected again')
  .option('--montant <cents>', 'its amount in cents', '100000')
  .option('--policy <file.json>', 'the levels, or the retry policy, to use instead of those in force')
  .option('--compare <file2.json>', 'other levels or another policy: prints what they change')
  .option('--until <YYYY-MM-DD>', `how far to look, to the end of that day; default: ${DEFAULT_DAYS} days`)
  .option('--json', 'one JSON object a line, as the services answer')
  .addHelpText(
    'after',
    `
A file: {"niveaux": [{"niveau": 1, "base": "DATE_FACTURE", "delai": "P15D", "modele": "rappel"}]}, and "reessais": {…}
a level that is a call or a letter: {"niveau": 2, "delai": "P25D", "canal": "APPEL"} (or "LETTRE")
of retries: {"delaisJours": [5, 10, 20], "maxTentatives": 3, "maxJoursTotal": 30, "heureLimite": "10:00"}
Running reminders and retries move to the rules of a file, as they would by a migration. The bank’s answer is assumed
to come at noon of the day of collection.`,
  )
  .action(async (options: SimulateOptions) => {
    const { invoice, org, client, dateFacture, payment, rejet } = options;
    const isPayment = Boolean(payment ?? rejet);
    if (isPayment && (invoice ?? dateFacture))
      throw new PlainError(
        'Say one: an invoice (--invoice, --date-facture) or a payment (--payment, --rejet).',
      );
    if (invoice && dateFacture) throw new PlainError('--invoice and --date-facture exclude each other.');
    if (!isPayment && options.paidAtAttempt)
      throw new PlainError('--paid-at-attempt needs --payment or --rejet: for invoices say --collected.');
    if (!isPayment && !invoice && !dateFacture && !org)
      throw new PlainError(
        'Say which: --invoice <number>, --org <id or code>, --date-facture <YYYY-MM-DD>, --payment <id> or --rejet.',
      );
    if (client && (invoice ?? dateFacture ?? payment ?? rejet))
      throw new PlainError('--client goes with --org alone.');
    if (isPayment) await simulatePayment(options);
    else await simulateInvoice(options);
  });

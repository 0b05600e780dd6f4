import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { formatEuros } from '@crm/domain';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { openDays, rememberedDays } from '@crm/relance/open-days';
import { planEnvois } from '@crm/relance/preview-relance';
import { levelsFor } from '@crm/relance/regles-relance';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { Adoption } from '@crm/workflows/invoice-reminder';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { adoptableInvoices, type OpenInvoices } from './adoptable-invoices.ts';
import { withDb, withTemporal } from './connections.ts';
import { counted, local } from './words.ts';
import { withServices } from './service-callers.ts';

type Options = { org: string; dryRun?: boolean; yes?: boolean; perSecond: string; who: string };
type Envois = Awaited<ReturnType<typeof planEnvois>>;

/** The slowest rate of starts per second: timers have limits. */
const SLOWEST = 0.01;
const FASTEST = 1_000;

/** The longest name for the history and the summary of a run. */
const LONGEST_WHO = 255;

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
    if (!who.trim()) throw new PlainError('--who must say who.');
    // the history would refuse it, and every invoice would have a failed run
    if (Buffer.byteLength(who) > LONGEST_WHO || /\p{Cc}/u.test(who))
      throw new PlainError(`--who must be one line of ${LONGEST_WHO} bytes at most.`);
    const adoption: Adoption = { who: who.trim(), at: new Date().toISOString() };
    const invoices = await withServices((call) =>
      withDb(async (db) => {
        // planned by the service's own functions; dates are remembered, because imported invoices share a few
        // days
        const levels = await levelsFor(db, org);
        const days = rememberedDays(openDays(call('calendar', CalendarEngineServiceService)))(org);
        const found: Invoice[] = [];
        const counts = { followed: 0, underWay: 0 };
        for await (const some of adoptableInvoices(db, call('factures', InvoiceServiceService), org)) {
          for (const invoice of some.adoptable) {
            const envois = await planEnvois(levels, { ...invoice, emiseAt: invoice.createdAt }, days);
            say(describe(invoice, envois, new Date(adoption.at)));
          }
          found.push(...some.adoptable);
          counts.followed += some.followed;
          counts.underWay += some.underWay;
          progress(`${found.length + counts.followed + counts.underWay}…`);
        }
        progress('');
        console.log(summary(found.length, counts));
        return found;
      }),
    );
    if (dryRun || invoices.length === 0) return;
    if (!yes && !(await agreed(invoices.length))) {
      console.log('Rien n’a été fait.');
      process.exitCode = 1;
      return;
    }
    await withTemporal((temporal) => start(temporal, invoices, adoption, rate));
  });

const summary = (count: number, { followed, underWay }: Omit<OpenInvoices, 'adoptable'>): string =>
  [
    `${counted(count, 'facture')} à reprendre`,
    counted(followed, 'déjà suivie'),
    ...(underWay ? [`${underWay} dont l’événement est en route (voir: failed list)`] : []),
  ].join(', ');

/** Describes what adopting an invoice will do. */
function describe({ numero, restantDu }: Invoice, envois: Envois, at: Date): string {
  const past = envois.filter(({ datePrevue }) => datePrevue <= at);
  const coming = envois.filter((envoi) => !past.includes(envoi));
  const words = [
    ...coming.map(({ niveau, modele, datePrevue }) => `niveau ${niveau} (${modele}) le ${local(datePrevue)}`),
    ...past.map(({ niveau }) => `niveau ${niveau} sauté, antérieur à la reprise`),
    ...(coming.length ? [] : ['plus rien à envoyer']),
  ];
  return `${numero}  reste ${formatEuros(restantDu)}: ${words.join('; ')}`;
}

async function agreed(count: number): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log('Sans terminal, il faut --yes pour le faire.');
    return false;
  }
  const prompt = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return /^o(ui)?$/i.test((await prompt.question(`Reprendre ${counted(count, 'facture')}? [o/N] `)).trim());
  } finally {
    prompt.close();
  }
}

/** Starts reminders as an event does. Those that run or have run are left alone. */
async function start(temporal: Client, invoices: Invoice[], adoption: Adoption, rate: number): Promise<void> {
  const correlationId = randomUUID();
  let started = 0;
  for (const [index, invoice] of invoices.entries()) {
    const next = delay(1_000 / rate);
    if (await exists(temporal, relanceWorkflowId(invoice.id))) say(`${invoice.numero}  a déjà ses relances`);
    else {
      await tellInvoiceReminder(temporal, 'invoice.created', invoice, { correlationId, adoption });
      started += 1;
    }
    progress(`${index + 1}/${invoices.length}`);
    await next;
  }
  progress('');
  console.log(`${counted(started, 'facture')} reprise${started === 1 ? '' : 's'}`);
}

/** Shows the progress on a line that the next one overwrites. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}

function say(line: string): void {
  progress('');
  console.log(line);
}

async function exists(temporal: Client, workflowId: string): Promise<boolean> {
  try {
    await temporal.workflow.getHandle(workflowId).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

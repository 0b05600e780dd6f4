import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { channelInWords, formatEuros } from '@crm/domain';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { openDays, rememberedDays } from '@crm/relance/open-days';
import { usualTimes } from '@crm/relance/usual-times';
import { levelsFor } from '@crm/relance/regles-relance';
import { tellInvoiceReminder } from '@crm/workers/follow-ups/start-invoice-reminder';
import { relanceWorkflowId } from '@crm/workflows/ids';
import type { Adoption } from '@crm/workflows/invoice-reminder';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { adoptableInvoices, type OpenInvoices } from '@crm/relance/adoptable-invoices';
import { withDb, withTemporal } from './connections.ts';
import { progress, say } from './progress.ts';
import { withServices } from './service-callers.ts';
import { counted, local } from './words.ts';

type Envois = Awaited<ReturnType<typeof usualTimes>>;

/** Whose invoices are adopted, by whom, and how. */
export type AdoptionOptions = {
  org: string;
  /** Only say what would be done. */
  dryRun?: boolean | undefined;
  /** Do it without asking. */
  yes?: boolean | undefined;
  /** Starts per second. */
  rate: number;
  /** Who says so, for the history. */
  who: string;
  /** Only these invoices, by id. */
  only?: ReadonlySet<string>;
};

/** Starts the reminders of open invoices that have none, after it has said what they will do. */
export async function adoptInvoices({ org, dryRun, yes, rate, who, only }: AdoptionOptions): Promise<void> {
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
        const adoptable = some.adoptable.filter(({ id }) => !only || only.has(id));
        for (const invoice of adoptable) {
          const envois = await usualTimes(levels, { ...invoice, emiseAt: invoice.createdAt }, days);
          say(describe(invoice, envois, new Date(adoption.at)));
        }
        found.push(...adoptable);
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
}

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
    ...coming.map(
      ({ datePrevue, ...level }) =>
        `niveau ${level.niveau} (${channelInWords(level)}) le ${local(datePrevue)}`,
    ),
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

async function exists(temporal: Client, workflowId: string): Promise<boolean> {
  try {
    await temporal.workflow.getHandle(workflowId).describe();
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

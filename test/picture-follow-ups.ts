/**
 * Takes pictures of follow-ups in the Temporal UI, from real runs on a platform of its own: `npm run
 * pictures:follow-ups`, or with a folder. Needs Chromium, at /usr/bin/chromium or where CHROMIUM says; pngquant, where
 * there is one, makes the files small.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dateInParis } from '@crm/domain';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { InvoiceServiceService, type Invoice } from '@crm/proto/factures/factures';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { RelanceServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { relanceWorkflowId, retryWorkflowId, suiviWorkflowId } from '@crm/workflows/ids';
import { startBrowser } from './support/browser.ts';
import { startOwnStack } from './support/stack.ts';
import { unique, uniqueAddress } from './support/unique.ts';
import { until } from './support/until.ts';
import { workflowIn } from './support/workflows.ts';

const [folder = 'docs/follow-ups'] = process.argv.slice(2);
const run = promisify(execFile);
const scratch = mkdtempSync(join(tmpdir(), 'follow-up-pictures-'));

mkdirSync(folder, { recursive: true });
const stack = await startOwnStack();
const browser = await startBrowser(join(scratch, 'profile'), { width: 1280, height: 1100 });
try {
  const clients = stack.client('clients', ClientBaseServiceService);
  const factures = stack.client('factures', InvoiceServiceService);
  const payments = stack.client('payments', PaymentServiceService);
  const relances = stack.client('relance', RelanceServiceService);
  const retries = stack.client('retry', RetryAdminServiceService);
  const organisationId = unique('org');
  const { id: clientId } = await clients.create({ organisationId, nom: 'Martin', email: uniqueAddress() });
  const invoices: Invoice[] = [];
  for (const montant of [120_000n, 75_000n, 75_000n]) {
    invoices.push(await factures.create({ organisationId, clientId, montant }));
  }
  const [asleep, paused, unpaid] = invoices as [Invoice, Invoice, Invoice];
  for (const { id } of invoices) await until('the plan', () => relances.get({ id }));
  await relances.pause({ id: paused.id, motif: 'promesse de paiement au téléphone' });

  const payment = await payments.create({ organisationId, clientId, invoiceId: unpaid.id, montant: 75_000n });
  await payments.reject({ id: payment.id, motifRejet: 'AM04' });
  const retry = retryWorkflowId(payment.id);
  await workflowIn(await stack.temporal(), retry, 'RUNNING');
  await retries.replanSchedule({
    id: payment.id,
    datePrevue: dateInParis(new Date(Date.now() + 6 * 24 * 3600_000)),
    motif: 'le salaire arrive après',
  });

  const suivi = suiviWorkflowId(clientId);
  await workflowIn(await stack.temporal(), suivi, 'RUNNING');
  await picture('relance-endormie', 'timeline', relanceWorkflowId(asleep.id), 'prévue le', 'lit la facture');
  await picture('relance-en-pause', 'timeline', relanceWorkflowId(paused.id), 'mise en pause, par alice');
  await picture('nouvelle-presentation', 'timeline', retry, 'replanification, par alice');
  await picture('premier-suivi', 'timeline', suivi, 'tâche de premier suivi, le');
} finally {
  browser.stop();
  await stack.stop();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(0);

async function picture(name: string, tab: string, workflowId: string, ...words: string[]): Promise<void> {
  const { runId } = await (await stack.temporal()).workflow.getHandle(workflowId).describe();
  const page = `/namespaces/crm/workflows/${encodeURIComponent(workflowId)}/${runId}/${tab}`;
  const file = join(folder, `${name}.png`);
  const text = await browser.picture(`${stack.env.TEMPORAL_UI_URL}${page}`, words, file);
  await run('pngquant', ['--force', '--ext', '.png', '--strip', '--quality', '60-90', file]).catch(() => {});
  console.log(`${file}\n${text}\n`);
}

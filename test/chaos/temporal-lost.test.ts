import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TacheServiceService } from '@crm/proto/activites/activites';
import {
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RegleSuiviServiceService,
} from '@crm/proto/relance/relance';
import { relanceWorkflowId, retryWorkflowId, suiviWorkflowId } from '@crm/workflows/ids';
import { ground } from '../support/ground.ts';
import { ops } from '../support/ops.ts';
import { startOwnStack, type OwnStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { forget, workflowIn } from '../support/workflows.ts';

/** A platform, several of its restarts and a dozen commands of operators. */
const WITHIN_MS = 900_000;
const ALWAYS = {
  ouverture: '00:00',
  fermeture: '00:00',
  tousLesJours: true,
  espacement: 'PT0S',
  modele: 'rappel',
};

let stack: OwnStack;
beforeAll(async () => void (stack = await startOwnStack()), 180_000);
afterAll(() => stack?.stop(), 60_000);

type Line = { fault: string; workflowId: string; mended: boolean; facture?: string; client?: string };
type Numbers = Record<'checked' | 'waiting' | 'missing' | 'behind' | 'over' | 'silent' | 'mended', number>;

/** Runs `ops reconcile --follow-ups`; returns its findings and numbers. */
async function reconcile(...args: string[]) {
  const { output, code } = await ops(
    stack,
    'reconcile',
    '--follow-ups',
    '--older-than',
    '0',
    '--json',
    ...args,
  );
  const lines = output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  const found = (lines.slice(0, -1) as Line[]).map(({ workflowId, fault }): [string, string] => [
    workflowId,
    fault,
  ]);
  return { code, lines: lines as Line[], found: Object.fromEntries(found), numbers: lines.at(-1) as Numbers };
}

/** Ends Temporal and its workers, changes its files, and starts both again. */
async function withTemporalDown(change: (file: string) => void) {
  for (const name of ['workers', 'temporal'] as const) await stack.platform.stop(name);
  change(join(stack.platform.dataDir, 'temporal', 'temporal.db'));
  for (const name of ['temporal', 'workers'] as const) await stack.platform.start(name);
}
const FILES = ['', '-wal', '-shm'];

test(
  'an older backup of Temporal, and then none at all: every follow-up goes on where its row says, and nothing is done twice',
  async () => {
    const { services, prepareClient, issueInvoice, planPayment } = ground(stack);
    const { relances, retries, payments, suivis } = services;
    const regles = stack.client('relance', RegleRelanceServiceService);
    const reglesSuivi = stack.client('relance', RegleSuiviServiceService);
    const historique = stack.client('relance', HistoriqueRelanceServiceService);
    const taches = stack.client('activites', TacheServiceService);
    const temporal = await stack.temporal();
    const organisationId = unique('org');
    await reglesSuivi.create({ organisationId, delai: 'PT1S', delaiRappel: 'P9D' });
    for (const [index, delai] of ['P15D', 'P30D'].entries())
      await regles.create({ organisationId, niveau: index + 1, delai, ...ALWAYS });
    const whose = await prepareClient({ organisationId });
    const { clientId } = whose;
    const suivi = suiviWorkflowId(clientId);
    const invoice = async () => {
      const { id } = await issueInvoice(whose);
      await until('the plan', () => relances.get({ id }));
      return id;
    };
    const rejected = async (invoiceId: string) => {
      const { id } = await planPayment(whose, { invoiceId });
      await payments.reject({ id, motifRejet: 'AM04' });
      await until('the retries', () => workflowIn(temporal, retryWorkflowId(id), 'RUNNING'));
      return id;
    };
    const task = () =>
      until('the task', async () => {
        const found = (await suivis.list({ clientId })).suivis.find(({ statut }) => statut === 'TACHE_CREEE');
        if (found) return found;
        throw new Error('no task yet');
      });
    await task();
    const [sent, paused, cancelled, untouched] = [
      await invoice(),
      await invoice(),
      await invoice(),
      await invoice(),
    ];
    const [retried, stopped] = [await rejected(untouched), await rejected(cancelled)];
    await relances.pause({ id: paused, motif: 'promesse' });

    await withTemporalDown((file) => {
      for (const end of FILES) cpSync(`${file}${end}`, `${file}${end}.old`, { force: true });
    });
    expect(await reconcile()).toMatchObject({
      code: 0,
      found: {},
      numbers: { checked: 7, missing: 0, behind: 0 },
    });

    // what the backup does not know
    await relances.sendNow({ id: sent });
    await until('the mail', async () => (await relances.get({ id: sent })).prochainNiveau === 2);
    await relances.resume({ id: paused });
    await relances.cancel({ id: cancelled, motif: 'litige' });
    await retries.cancelSchedule({ id: stopped, motif: 'accord' });
    const late = await invoice();
    const [rows, mails] = [await allRows(), await allMails()];
    expect(mails.filter(({ subject }) => subject.includes('rappel'))).toHaveLength(1);

    await withTemporalDown((file) => {
      for (const end of FILES) rmSync(`${file}${end}`, { force: true });
      for (const end of FILES) cpSync(`${file}${end}.old`, `${file}${end}`, { force: true });
    });
    const behind = {
      [relanceWorkflowId(sent)]: 'behind',
      [relanceWorkflowId(paused)]: 'behind',
      [relanceWorkflowId(late)]: 'missing',
      [relanceWorkflowId(cancelled)]: 'over',
      [retryWorkflowId(stopped)]: 'over',
    };
    const seen = await reconcile();
    expect(seen).toMatchObject({
      code: 1,
      found: behind,
      numbers: { mended: 0, missing: 1, behind: 2, over: 2 },
    });
    const { numero } = await services.factures.get({ id: late });
    expect(seen.lines.find(({ fault }) => fault === 'missing')).toMatchObject({
      facture: numero,
      client: 'Zoé Martin',
    });
    expect(await reconcile('--repair')).toMatchObject({ code: 0, found: behind, numbers: { mended: 5 } });
    for (const id of [relanceWorkflowId(cancelled), retryWorkflowId(stopped)])
      await workflowIn(temporal, id, 'COMPLETED');
    await until('the runs to have read their rows', async () => (await reconcile()).code === 0, 120_000);

    // nothing is left of it
    await withTemporalDown((file) => {
      for (const end of FILES) rmSync(`${file}${end}`, { force: true });
    });
    const lost = [sent, paused, untouched, late]
      .map(relanceWorkflowId)
      .concat(retryWorkflowId(retried), suivi);
    const missing = Object.fromEntries(lost.map((id) => [id, 'missing']));
    expect(await reconcile('--repair')).toMatchObject({ code: 0, found: missing, numbers: { mended: 6 } });
    expect(await reconcile()).toMatchObject({ code: 0, found: {} });
    // its events, too: what they did is known, and what has ended is not started
    expect((await ops(stack, 'reconcile', '--older-than', '0', '--repair')).code).toBe(0);
    await until(
      'the events',
      async () => {
        const open = await temporal.workflow.count(
          `WorkflowType IN ('clientCreated', 'invoiceCreated', 'paymentRejected')`,
        );
        const running = await temporal.workflow.count(
          `WorkflowType IN ('clientCreated', 'invoiceCreated', 'paymentRejected') AND ExecutionStatus = 'Running'`,
        );
        return open.count >= 8 && running.count === 0;
      },
      180_000,
    );
    for (const id of lost) await workflowIn(temporal, id, 'RUNNING');
    expect(await allRows()).toEqual(rows);
    expect((await allMails()).map(({ subject }) => subject).sort()).toEqual(
      mails.map(({ subject }) => subject).sort(),
    );
    expect((await taches.listByClient({ clientId })).taches).toHaveLength(1);

    // they live: the next level is sent, once; and one that Temporal has forgotten meanwhile is not begun again
    await relances.sendNow({ id: sent });
    await workflowIn(temporal, relanceWorkflowId(sent), 'COMPLETED');
    expect((await allMails()).filter(({ subject }) => subject.includes('rappel'))).toHaveLength(2);
    await forget(temporal, relanceWorkflowId(sent));
    expect(await reconcile('--repair')).toMatchObject({ code: 0, found: {} });

    async function allRows() {
      const ids = [sent, paused, cancelled, untouched, late];
      const { historique: lines } = await historique.list({ organisationId, pageSize: 200 });
      return {
        relances: await Promise.all(ids.map((id) => relances.get({ id }))),
        retries: await Promise.all([retried, stopped].map((id) => retries.getSchedule({ id }))),
        suivis: (await suivis.list({ clientId })).suivis,
        lines,
      };
    }
    async function allMails() {
      return await stack.mailsTo(whose.client.email);
    }
  },
  WITHIN_MS,
);

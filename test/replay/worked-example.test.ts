import { jest } from '@jest/globals';
import { ROOT } from '@crm/tools/data-folder';
import type { HistoryJson } from '@crm/tools/replay/history-json';
import { replayBundle } from '@crm/tools/replay/replay-bundle';
import { replayHistories, type Named } from '@crm/tools/replay/replay-histories';
import { redrive } from '@crm/workflows/event-workflow';
import { definitionOf } from '@crm/workflows/events';
import { FailedHandlers } from '@crm/workflows/search-attributes';
import { EVENTS_QUEUE } from '@crm/workflows/task-queues';
import { ApplicationFailure } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { NAMESPACE, startDevServer } from '../support/dev-server.ts';
import { until } from '../support/until.ts';
import { DAY, HOUR, MINUTE } from '../workflows/support/fakes.ts';
import { runWorkflow } from '../workflows/support/run-workflow.ts';
import { applyEdits, type Edit } from './changed-workflows.ts';
import { bundleCopies, workflowSources } from './copy-workflows.ts';
import { listHistories, readHistory, workflowOf } from './history-files.ts';

jest.setTimeout(240_000);

/** The changes of CONTRIBUTING, as they stand there: a handler that is added, a follow-up that sleeps longer. */
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
const [addedHandler, change] = [
  ...text.matchAll(/In `workflows\/([\w-]+\.ts)`:\n\n```diff\n([\s\S]*?)```/g),
].map(([, file, diff]): Edit => {
  const lines = diff!.trimEnd().split('\n');
  const side = (sign: '-' | '+') =>
    lines
      .filter((line) => [' ', sign].includes(line[0]!))
      .map((line) => line.slice(1))
      .join('\n');
  return { file: file!, from: side('-'), to: side('+') };
}) as [Edit, Edit];
const GUARD = /if \(patched\('[\w-]+'\)\) /;
const SINCE = /, since: '[\w-]+'/;

const bundles = new Map<Edit, Promise<WorkflowBundlePath>>();
/** The workflows with a change, bundled once. */
const bundle = (edit: Edit): Promise<WorkflowBundlePath> => {
  const copies = { copy: applyEdits('CONTRIBUTING', workflowSources(), [edit]) };
  const bundled = bundles.get(edit) ?? bundleCopies(copies, `export * from './copy/index.ts';\n`);
  bundles.set(edit, bundled);
  return bundled;
};
const committed = (workflow: string) =>
  listHistories()
    .filter((name) => workflowOf(name) === workflow)
    .map((name) => ({ name, history: readHistory(name) }));
const broken = async (by: WorkflowBundlePath, histories: Named[]) => {
  const messages: string[] = [];
  for await (const { broken: message } of replayHistories(by, histories)) if (message) messages.push(message);
  return messages;
};

test('guarded, it breaks nothing that runs; unguarded it does', async () => {
  expect(await broken(await bundle(change), committed('firstFollowUp'))).toEqual([]);
  const unguarded = { ...change, to: change.to.replace(GUARD, '') };
  expect(unguarded.to).not.toBe(change.to);
  const messages = await broken(await bundle(unguarded), committed('firstFollowUp'));
  expect(messages.join('\n')).toMatch(
    /^firstFollowUp breaks on firstFollowUp\/task-done \(suivi\/.+\) at event 11, ActivityTaskScheduled: Nondeterminism error: Timer machine does not handle this event: /m,
  );
});

test('what begins with it goes the new way, and replays as that', async () => {
  const patched = await bundle(change);
  let history: HistoryJson | undefined;
  await runWorkflow(
    {
      workflowType: 'firstFollowUp',
      workflowBundle: patched,
      input: (at) => {
        const after = (days: number) => new Date(at.getTime() + days * DAY).toISOString();
        return { suiviId: 's-1', clientId: 'c-1', datePrevue: after(7), dateRappel: after(10) };
      },
      activities: {
        readClient: () => ({ gestionnaireId: 'u-1', prenom: 'Prénom', nom: 'Nom' }),
        createFollowUpTask: () => ({ tacheId: 't-1' }),
        remindOfFollowUpTask: () => ({ ended: 'rappel envoyé' }),
        endFollowUp: () => undefined,
      },
    },
    async (run) => {
      expect(await run.result()).toBe('rappel envoyé');
      const [{ atMs } = { atMs: 0 }] = run.attemptsOf('createFollowUpTask');
      expect(atMs).toBeGreaterThanOrEqual(7 * DAY + 4 * HOUR);
      expect(atMs).toBeLessThan(7 * DAY + 4 * HOUR + MINUTE);
      history = JSON.parse(historyToJSON(await run.handle.fetchHistory())) as HistoryJson;
    },
  );
  const recorded = [{ name: 'firstFollowUp/four-hours-later', history: history! }];
  expect(await broken(patched, recorded)).toEqual([]);
  expect(await broken(await replayBundle(), recorded)).toHaveLength(1);
});

test('a handler that says since when breaks nothing that runs; one that does not breaks it', async () => {
  const histories = committed('invoiceCreated');
  expect(await broken(await bundle(addedHandler), histories)).toEqual([]);
  const unsaid = { ...addedHandler, to: addedHandler.to.replace(SINCE, '') };
  expect(unsaid.to).not.toBe(addedHandler.to);
  const messages = await broken(await bundle(unsaid), histories);
  expect(messages.join('\n')).toMatch(
    /^invoiceCreated breaks on invoiceCreated\/all-done \(.+\) at event \d+, /m,
  );
  expect(messages.join('\n')).toMatch(/^invoiceCreated breaks on invoiceCreated\/retrying /m);
});

test('a run that began before goes on without that handler, and one that begins now runs it', async () => {
  const server = await startDevServer();
  try {
    const begin = (workflowId: string) =>
      server.client.workflow.start('invoiceCreated', { workflowId, taskQueue: EVENTS_QUEUE, args: [{}] });
    const { handlers } = definitionOf('invoice.created');
    const activitiesOf = (names: string[]) =>
      Object.fromEntries(names.map((name) => [name, (): object => ({ done: name })]));
    const all = activitiesOf([...Object.values(handlers).map(({ activity }) => activity), 'archiveInvoice']);
    const withWorker = async (
      workflowBundle: WorkflowBundlePath,
      more: object,
      work: () => Promise<void>,
    ) => {
      const common = { connection: server.nativeConnection, namespace: NAMESPACE, taskQueue: EVENTS_QUEUE };
      const worker = await Worker.create({ ...common, workflowBundle, activities: { ...all, ...more } });
      await worker.runUntil(work);
    };
    const refuses = () => {
      throw ApplicationFailure.nonRetryable('adresse refusée');
    };
    await withWorker(await replayBundle(), { sendInvoiceEmail: refuses }, async () => {
      const run = await begin('before');
      const refusal = async () => (await run.describe()).typedSearchAttributes.get(FailedHandlers);
      await until('the refusal', refusal, 30_000);
    });
    await withWorker(await bundle(addedHandler), {}, async () => {
      const before = server.client.workflow.getHandle('before');
      await before.signal(redrive, { who: 'alice', why: 'adresse corrigée' });
      expect(Object.keys((await before.result()) as object).sort()).toEqual(Object.keys(handlers).sort());
      const now = (await (await begin('now')).result()) as object;
      expect(Object.keys(now).sort()).toEqual([...Object.keys(handlers), 'documents'].sort());
    });
  } finally {
    await server.teardown();
  }
});

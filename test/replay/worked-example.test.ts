import { jest } from '@jest/globals';
import { ROOT } from '@crm/tools/data-folder';
import type { HistoryJson } from '@crm/tools/replay/history-json';
import { replayBundle } from '@crm/tools/replay/replay-bundle';
import { replayHistories, type Named } from '@crm/tools/replay/replay-histories';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, HOUR, MINUTE } from '../workflows/support/fakes.ts';
import { runWorkflow } from '../workflows/support/run-workflow.ts';
import { applyEdits, type Edit } from './changed-workflows.ts';
import { bundleCopies, workflowSources } from './copy-workflows.ts';
import { listHistories, readHistory, workflowOf } from './history-files.ts';

jest.setTimeout(120_000);

/** The change of CONTRIBUTING, as it stands there. */
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');
const [, file] = /In `workflows\/([\w-]+\.ts)`:\n\n```diff/.exec(text)!;
const [, diff] = /```diff\n([\s\S]*?)```/.exec(text)!;
const lines = diff!.trimEnd().split('\n');
const side = (sign: '-' | '+') =>
  lines
    .filter((line) => [' ', sign].includes(line[0]!))
    .map((line) => line.slice(1))
    .join('\n');
const change: Edit = { file: file!, from: side('-'), to: side('+') };
const GUARD = /if \(patched\('[\w-]+'\)\) /;

const bundle = (edit: Edit) =>
  bundleCopies(
    { copy: applyEdits('CONTRIBUTING', workflowSources(), [edit]) },
    `export * from './copy/index.ts';\n`,
  );
const old = listHistories().filter((name) => workflowOf(name) === 'firstFollowUp');
const broken = async (by: WorkflowBundlePath, histories: Named[]) => {
  const messages: string[] = [];
  for await (const { broken: message } of replayHistories(by, histories)) if (message) messages.push(message);
  return messages;
};
const committed = old.map((name) => ({ name, history: readHistory(name) }));

test('guarded, it breaks nothing that runs; unguarded it does', async () => {
  expect(await broken(await bundle(change), committed)).toEqual([]);
  const unguarded = { ...change, to: change.to.replace(GUARD, '') };
  expect(unguarded.to).not.toBe(change.to);
  const messages = await broken(await bundle(unguarded), committed);
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

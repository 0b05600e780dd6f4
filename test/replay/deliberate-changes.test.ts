import { jest } from '@jest/globals';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { replayHistories } from '@crm/tools/replay/replay-histories';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { bundleChanged, typeOf, type Change } from './changed-workflows.ts';
import { breakOf, KINDS, safeOf } from './deliberate-changes.ts';
import { listHistories, readHistory, workflowOf, type Case } from './history-files.ts';

jest.setTimeout(120_000);
quietRuntime();

let bundle: WorkflowBundlePath;
beforeAll(async () => {
  bundle = await bundleChanged(KINDS.flatMap((kind) => [breakOf(kind), safeOf(kind)]));
});

/** What would break by a change, of the histories of its workflow. */
async function brokenBy(change: Change): Promise<Map<Case, string>> {
  const concerned = listHistories().filter((name) => workflowOf(name) === change.workflow);
  const histories = concerned.map((name) => ({ name, history: readHistory(name), as: typeOf(change) }));
  const broken = new Map<Case, string>();
  for await (const { name, broken: message } of replayHistories(bundle, histories)) {
    if (message) broken.set(name as Case, message);
  }
  return broken;
}

test('there are ten kinds and more', () => expect(KINDS.length).toBeGreaterThanOrEqual(10));

test.each(KINDS)('$kind turns the gate red, and says where', async (kind) => {
  const broken = await brokenBy(breakOf(kind));
  expect(Object.keys(kind.seen)).not.toEqual([]);
  for (const [name, where] of Object.entries(kind.seen)) {
    const message = broken.get(name as Case);
    expect(message).toMatch(
      new RegExp(`^${kind.workflow} breaks on ${name} \\(.+\\) at event \\d+, \\w+: .`),
    );
    expect(message).toMatch(where!);
  }
});

test.each(KINDS)('$kind, done safely, breaks nothing', async (kind) => {
  expect(Object.fromEntries(await brokenBy(safeOf(kind)))).toEqual({});
});

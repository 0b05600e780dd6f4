import { randomUUID } from 'node:crypto';
import { FailedHandlers, LateHandlers, StrandedHandlers } from '@crm/workflows/search-attributes';
import type { SearchAttributePair } from '@temporalio/common';
import { ops } from '../support/ops.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
afterAll(() => stack.close());

/** An open run in a state that takes minutes or weeks to come to; no worker runs it. */
async function run(typedSearchAttributes: SearchAttributePair[]) {
  const { workflow } = await stack.temporal();
  const workflowId = randomUUID();
  const handle = await workflow.start('clientCreated', {
    ...{ workflowId, taskQueue: unique('nobody'), args: [], typedSearchAttributes },
  });
  await until(
    'it to be listed',
    async () => (await workflow.count(`WorkflowId = '${workflowId}'`)).count === 1,
  );
  return {
    workflowId,
    end: () => handle.terminate(),
    heard: async () =>
      (await handle.fetchHistory()).events!.flatMap(
        ({ workflowExecutionSignaledEventAttributes: signal }) => {
          if (!signal) return [];
          const word = Buffer.from(signal.input!.payloads![0]!.data as Uint8Array).toString();
          return [[signal.signalName, (JSON.parse(word) as { handlers: string[] }).handlers]];
        },
      ),
  };
}

test('late handlers are listed beside the failed ones, and hurried or given up on command', async () => {
  const [failed, late] = [unique('failed'), unique('late')];
  const both = await run([
    { key: FailedHandlers, value: [failed] },
    { key: StrandedHandlers, value: [failed] },
    { key: LateHandlers, value: [late] },
  ]);
  const onlyLate = await run([{ key: LateHandlers, value: [late] }]);
  const say = (...args: string[]) => ops(stack, 'failed', ...args);
  const why = ['--why', 'le serveur est de retour'];
  try {
    const { output } = await say('list');
    expect(output).toMatch(new RegExp(`${both.workflowId} .*failed for weeks: ${failed}  late: ${late}`));
    expect(output).toMatch(new RegExp(`${onlyLate.workflowId} .*Z  late: ${late}`));
    expect((await say('redrive', '--handler', late, ...why)).code).toBe(0);
    // late ones are given up only if that is said
    expect((await say('skip', '--handler', late, ...why)).code).toBe(1);
    expect((await say('skip', '--handler', failed, ...why)).code).toBe(0);
    expect((await say('skip', '--handler', late, '--late', ...why)).code).toBe(0);
    expect((await say('skip', '--workflow', onlyLate.workflowId, ...why)).code).toBe(0);
    // a word without a reason would be ignored
    const blank = await say('skip', '--workflow', onlyLate.workflowId, '--why', ' ');
    expect([blank.code, blank.output]).toEqual([1, expect.stringContaining('--why must say why')]);
    expect(await both.heard()).toEqual([
      ['redrive', [late]],
      ['skip', [failed]],
      ['skip', [late]],
    ]);
    expect(await onlyLate.heard()).toEqual([
      ['redrive', [late]],
      ['skip', [late]],
      ['skip', [late]],
    ]);
  } finally {
    await Promise.all([both.end(), onlyLate.end()]);
  }
}, 300_000);

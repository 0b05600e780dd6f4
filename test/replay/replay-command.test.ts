import { jest } from '@jest/globals';
import { ROOT } from '@crm/tools/data-folder';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { NAMESPACE, startDevServer } from '../support/dev-server.ts';
import { until } from '../support/until.ts';
import { workflowSources, bundleCopies } from './copy-workflows.ts';
import { applyEdits } from './changed-workflows.ts';

jest.setTimeout(180_000);
quietRuntime();

type Said = { code: number; out: string; err: string };

let server: TestWorkflowEnvironment;

/** What the command says of this server. */
const replay = (...args: string[]): Promise<Said> => replayAt({}, ...args);
const replayAt = (elsewhere: Record<string, string>, ...args: string[]): Promise<Said> =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      NODE_OPTIONS: '',
      TEMPORAL_ADDRESS: server.address,
      TEMPORAL_NAMESPACE: NAMESPACE,
      ...elsewhere,
    };
    const argv = ['--import', 'tsx', join(ROOT, 'tools/replay.ts'), ...args];
    execFile(process.execPath, argv, { cwd: ROOT, env }, (error, out, err) =>
      resolve({ code: error ? Number(error.code) : 0, out, err }),
    );
  });

/** Two follow-ups that sleep, one a week, one of an older version, which waits for another time; and one not begun. */
beforeAll(async () => {
  server = await startDevServer();
  // it slept till the reminder, with nothing done before
  const sources = applyEdits('older', workflowSources(), [
    {
      file: 'first-follow-up.ts',
      from: 'await sleepUntil(input.datePrevue,',
      to: 'await sleepUntil(input.dateRappel,',
    },
  ]);
  const started = { datePrevue: inDays(7), dateRappel: inDays(10) };
  const index = `export * from './copy/index.ts';\n`;
  for (const [workflowId, copy] of [
    ['suivi/as-it-is', workflowSources()],
    ['suivi/older', sources],
  ] as const) {
    const worker = await Worker.create({
      connection: server.nativeConnection,
      namespace: NAMESPACE,
      taskQueue: FOLLOW_UPS_QUEUE,
      workflowBundle: await bundleCopies({ copy }, index),
    });
    await worker.runUntil(async () => {
      const { workflow } = server.client;
      const options = { workflowId, taskQueue: FOLLOW_UPS_QUEUE, args: [started] };
      const handle = await workflow.start('firstFollowUp', options);
      await until('asleep', async () =>
        (await handle.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes),
      );
    });
  }
  const idle = { workflowId: 'purge/not-begun', taskQueue: 'nobody' };
  await server.client.workflow.start('purgeExpired', idle);
  await server.client.workflow.start('purgeMore', { ...idle, workflowId: 'purge/of-no-type' });
  await until('all', async () => (await server.client.workflow.count()).count === 4);
});
afterAll(() => server?.teardown());

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString();

test('one that goes on as it is', async () => {
  const { code, out } = await replay('suivi/as-it-is');
  expect([code, out.trim()]).toEqual([0, '1 replayed (firstFollowUp 1): none would break']);
});

test('one that would break is told with its type, its id and the first differing event', async () => {
  const { code, out } = await replay('suivi/older');
  expect(code).toBe(1);
  expect(out).toMatch(
    /^firstFollowUp breaks on suivi\/older \(suivi\/older\) at event \d+, TimerStarted: a timer of /,
  );
});

test('all that run, or some of them', async () => {
  const all = await replay('--running');
  expect(all.code).toBe(1);
  expect(all.out).toMatch(/^firstFollowUp breaks on suivi\/older /m);
  // a run that has not begun is no less there
  expect(all.out).toMatch(
    /^purgeMore breaks on purge\/of-no-type .* at event 1, WorkflowExecutionStarted: /m,
  );
  expect(all.out).toContain('4 replayed (firstFollowUp 2, purgeExpired 1, purgeMore 1): 2 would break');
  const purges = await replay('--running', '--type', 'purgeExpired');
  expect([purges.code, purges.out.trim()]).toEqual([0, '1 replayed (purgeExpired 1): none would break']);
  expect((await replay('--running', '--limit', '2')).out).toContain('2 replayed (');
  expect((await replay('--running', '--type', 'nothing')).out.trim()).toBe('0 replayed: none would break');
});

test.each([
  [['suivi/nobody'], 1, 'There is no workflow suivi/nobody in the namespace crm (TEMPORAL_NAMESPACE)'],
  [['suivi/older', '--run-id', 'x'], 1, 'run x'],
  [[], 1, 'Name one workflow'],
  [['suivi/older', '--running'], 1, 'Name one workflow'],
  [['--file', 'package.json'], 1, 'package.json is no workflow history'],
  [['suivi/older', '--record', 'firstFollowUp/none'], 1, 'Name one workflow'],
  [['--record', 'firstFollowUp/none'], 2, 'No story has firstFollowUp/none; there are '],
])('%p is refused with what is wrong', async (args, code, message) => {
  const said = await replay(...args);
  expect(said.code).toBe(code);
  expect(said.err).toContain(message);
});

test.each([
  [{ TEMPORAL_NAMESPACE: 'nope' }, 'There is no namespace nope (TEMPORAL_NAMESPACE) at '],
  [{ TEMPORAL_ADDRESS: '127.0.0.1:1' }, 'Temporal does not answer at 127.0.0.1:1 (TEMPORAL_ADDRESS)'],
])('%j is named where there is none', async (elsewhere, message) => {
  const { code, out, err } = await replayAt(elsewhere, '--running');
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain(message);
});

import { Client, ScheduleNotFoundError, ScheduleOverlapPolicy } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { WORKFLOWS_MS } from '@crm/workflows/retention';
import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';
import { ensureSchedules } from '@crm/workers/ensure-schedules';
import { prepareTemporal } from '@crm/workers/temporal';

jest.setTimeout(120_000);

const stack = sharedStack();
const DAY_S = 24 * 3600;
let connection: NativeConnection;
beforeAll(async () => {
  connection = await NativeConnection.connect({ address: stack.env.TEMPORAL_ADDRESS! });
});
afterAll(() => connection?.close());

/** How long a namespace keeps workflows, in seconds. */
async function keptFor(namespace: string): Promise<number> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  return Number(config!.workflowExecutionRetentionTtl!.seconds);
}

/** A namespace of the test's own. */
async function create(days: number): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: (days * DAY_S) as never },
  });
  return namespace;
}

test.each([
  ['for less long is told to do so long enough', 3, WORKFLOWS_MS / 1000],
  ['for longer stays as it is', 60, 60 * DAY_S],
])('a namespace that keeps workflows %s', async (_, days, seconds) => {
  const namespace = await create(days);
  await until('the namespace', () =>
    prepareTemporal(connection, namespace).then(
      () => true,
      () => false,
    ),
  );
  expect(await keptFor(namespace)).toBe(seconds);
});

test('a Schedule of an earlier version runs as this one says, and stays paused', async () => {
  const namespace = await create(45);
  const { schedule } = new Client({ connection, namespace });
  const create5oClock = () =>
    schedule.create({
      scheduleId: 'purge-expired',
      spec: { calendars: [{ hour: 5 }] },
      policies: { overlap: ScheduleOverlapPolicy.ALLOW_ALL },
      action: { type: 'startWorkflow', workflowType: 'ofBefore', taskQueue: 'of-before' },
      state: { paused: true, note: 'pendant la migration' },
    });
  await until('the namespace', () =>
    create5oClock().then(
      () => true,
      () => false,
    ),
  );
  await ensureSchedules(new Client({ connection, namespace }));
  const { spec, action, state, policies } = await schedule.getHandle('purge-expired').describe();
  expect(spec.calendars).toMatchObject([{ hour: [{ start: 3 }], minute: [{ start: 30 }] }]);
  expect(spec.timezone).toBe('Europe/Paris');
  expect(action).toMatchObject({ workflowType: 'purgeExpired', workflowId: 'purge-expired' });
  expect(policies.overlap).toBe(ScheduleOverlapPolicy.SKIP);
  expect(state).toMatchObject({ paused: true, note: 'pendant la migration' });
  // and the one that was missing is there
  await expect(schedule.getHandle('prenotify-debits').describe()).resolves.toBeDefined();
  await expect(schedule.getHandle('none').describe()).rejects.toThrow(ScheduleNotFoundError);
});

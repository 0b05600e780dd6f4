import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { describeVersions, setCurrentVersion } from '@crm/tools/ops/versions';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { deploymentOptions } from '@crm/workers/deployment';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import { redrive } from '@crm/workflows/event-workflow';
import { definitionOf } from '@crm/workflows/events';
import { FailedHandlers } from '@crm/workflows/search-attributes';
import { EVENTS_QUEUE, FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { NAMESPACE, startDevServer } from '../support/dev-server.ts';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);
quietRuntime();

let server: TestWorkflowEnvironment;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => void (server = await startDevServer()));
afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await server?.teardown();
});

/** The workers of a build: their activities answer its name, or refuse. */
async function startBuild(buildId: string, refusing: { current: boolean }): Promise<void> {
  const answers = () => {
    if (refusing.current) throw ApplicationFailure.nonRetryable('inconnu', 'NOT_FOUND');
    return { done: buildId };
  };
  const handlers = Object.values(definitionOf('client.created').handlers);
  const followUp = {
    readClient: () => {
      answers();
      return { ended: buildId };
    },
    endFollowUp: () => {},
  };
  for (const [taskQueue, activities] of [
    [EVENTS_QUEUE, Object.fromEntries(handlers.map(({ activity }) => [activity, answers]))],
    [FOLLOW_UPS_QUEUE, followUp],
  ] as const) {
    const worker = await Worker.create({
      ...{ connection: server.nativeConnection, namespace: NAMESPACE, taskQueue },
      workflowBundle: await workflowBundle(),
      activities,
      ...deploymentOptions(taskQueue, buildId),
    });
    const running = worker.run();
    stops.push(async () => {
      worker.shutdown();
      await running;
    });
  }
}

/** The server lets a build become current once it has seen its workers. */
const makeCurrent = (buildId: string) =>
  until(
    `${buildId} current`,
    async () => {
      await setCurrentVersion(server.client, buildId);
      return (await describeVersions(server.client)).current === buildId;
    },
    30_000,
  );

const start = (workflowType: string, taskQueue: string, workflowId: string) => {
  const now = new Date().toISOString();
  const input = { clientId: 'c-1', eventId: workflowId, datePrevue: now, dateRappel: now };
  return server.client.workflow.start(workflowType, { workflowId, taskQueue, args: [input] });
};
const hasFailed = (handle: WorkflowHandle) =>
  until(`${handle.workflowId} failed`, async () => {
    const { typedSearchAttributes } = await handle.describe();
    return (typedSearchAttributes.get(FailedHandlers)?.length ?? 0) > 0;
  });
const donesOf = (outcomes: unknown) => [
  ...new Set(Object.values(outcomes as Record<string, { done: string }>).map(({ done }) => done)),
];

/** The server tells its task queues of a new current build in its own time. */
const getsWhatIsNew = (buildId: string) =>
  until(`${buildId} to get what is new`, async () => {
    const event = await start('clientCreated', EVENTS_QUEUE, randomUUID());
    const followUp = await start('firstFollowUp', FOLLOW_UPS_QUEUE, randomUUID());
    return donesOf(await event.result()).join() === buildId && (await followUp.result()) === buildId;
  });

test('beside a new build the run of an event ends where it began, and a follow-up moves', async () => {
  const refusing = { current: true };
  await startBuild('build-a', refusing);
  await makeCurrent('build-a');
  const event = await start('clientCreated', EVENTS_QUEUE, 'event-1');
  const followUp = await start('firstFollowUp', FOLLOW_UPS_QUEUE, 'suivi/c-1');
  await Promise.all([hasFailed(event), hasFailed(followUp)]);

  await startBuild('build-b', refusing);
  await makeCurrent('build-b');
  refusing.current = false;
  await getsWhatIsNew('build-b');
  for (const handle of [event, followUp]) await handle.signal(redrive, { who: 'alice', why: 'créé depuis' });
  expect(donesOf(await event.result())).toEqual(['build-a']);
  expect(await followUp.result()).toBe('build-b');
  const { builds } = await describeVersions(server.client);
  expect(builds.map(({ buildId }) => buildId).sort()).toEqual(['build-a', 'build-b']);
});

test('a build without workers does not become current', async () => {
  await expect(setCurrentVersion(server.client, 'build-c')).rejects.toThrow(
    'build-c cannot become current: ',
  );
});

test('without a build id there are no versions', () => {
  expect(deploymentOptions(EVENTS_QUEUE, '')).toEqual({});
  expect(deploymentOptions(EVENTS_QUEUE, undefined)).toEqual({});
});

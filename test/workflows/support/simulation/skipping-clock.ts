import { setTimeout as delay } from 'node:timers/promises';
import type { Duration } from '@temporalio/common';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '@crm/workflows/search-attributes';
import { FOLLOW_UPS_QUEUE, REMINDERS_QUEUE } from '@crm/workflows/task-queues';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import { testServerPath } from '@crm/tools/binaries';

/** Weeks pass in less than this, in milliseconds. */
const STANDS_MS = 30_000;

/**
 * The server holds its clock and does not let go of it. It does where a workflow cancels what is about to happen: an
 * attempt of an activity, or a timer (temporalio/sdk-java#3088), whose instant has come.
 */
export class ClockStands extends Error {}

/** A Temporal server whose clock leaps over every wait, and workers of the real workflows. */
export type SkippingClock = Awaited<ReturnType<typeof start>>;

/** Runs work against a time-skipping server of its own, and ends it. */
export async function withSkippingClock<T>(work: (clock: SkippingClock) => Promise<T>): Promise<T> {
  const executable = { type: 'existing-path', path: await testServerPath() } as const;
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  try {
    return await work(await start(env));
  } finally {
    await env.teardown();
  }
}

async function start(env: TestWorkflowEnvironment) {
  await registerSearchAttributes(env);
  const bundle = await workflowBundle();
  return {
    temporal: env.client,
    /** The server's clock. */
    now: async () => new Date(await env.currentTimeMs()),
    /** Lets so many milliseconds pass, with all that is due in them. */
    passes: (ms: number): Promise<void> => letPass(env, ms),
    /** Runs work beside workers of follow-ups, and of reminders that go out, with these activities. */
    async withWorker<T>(activities: object, work: () => Promise<T>): Promise<T> {
      const worker = await Worker.create({
        connection: env.nativeConnection,
        taskQueue: FOLLOW_UPS_QUEUE,
        workflowBundle: bundle,
        activities,
        // none is kept: each task begins with a replay of the whole history, as on a worker that was just started
        maxCachedWorkflows: 0,
        shutdownGraceTime: '1 second',
      });
      const reminders = await remindersWorker(env, activities);
      return await worker.runUntil(reminders ? reminders.runUntil(work) : work);
    },
  };
}

/** What workflows send to the queue of reminders is done by these activities, too; they may not be of reminders. */
export async function remindersWorker(
  env: TestWorkflowEnvironment,
  activities: object,
): Promise<Worker | undefined> {
  // a worker takes a second or two to end
  if (!('sendReminder' in activities)) return undefined;
  return await Worker.create({
    connection: env.nativeConnection,
    taskQueue: REMINDERS_QUEUE,
    activities,
    shutdownGraceTime: '1 second',
  });
}

/**
 * Lets time pass on the server's clock, with all that is due in it.
 * @throws {ClockStands} where the server does not get there
 */
export async function letPass(env: TestWorkflowEnvironment, time: Duration): Promise<void> {
  const abandoned = new AbortController();
  const stands = delay(STANDS_MS, undefined, { signal: abandoned.signal }).then(() => {
    throw new ClockStands(
      `the test server's clock stands, ${STANDS_MS / 1000} s and ${time} have not passed`,
    );
  });
  const slept = env.sleep(time);
  slept.catch(() => {}); // of one that is abandoned
  await Promise.race([slept, stands.catch((error: Error) => ignoreAbort(error))]).finally(() =>
    abandoned.abort(),
  );
}

function ignoreAbort(error: Error): void {
  if (error.name !== 'AbortError') throw error;
}

/** Without them a workflow task that sets one is retried for ever. This server cannot list what it has. */
export async function registerSearchAttributes({
  connection,
  namespace,
}: TestWorkflowEnvironment): Promise<void> {
  const { IndexedValueType } = proto.temporal.api.enums.v1; // CommonJS: only the default export has it
  const searchAttributes = Object.fromEntries(
    SEARCH_ATTRIBUTES.map(({ name, type }) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]),
  );
  await connection.operatorService.addSearchAttributes({
    namespace: namespace ?? 'default',
    searchAttributes,
  });
}

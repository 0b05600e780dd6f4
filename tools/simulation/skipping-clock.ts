import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import { SEARCH_ATTRIBUTES } from '@crm/workflows/search-attributes';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import { testServerPath } from '../binaries.ts';

/** A Temporal server whose clock leaps over every wait, and a worker of the real workflows that can be stopped. */
export type SkippingClock = Awaited<ReturnType<typeof start>>;

/** Runs work against a time-skipping server of its own, and ends it. */
export async function withSkippingClock<T>(work: (clock: SkippingClock) => Promise<T>): Promise<T> {
  const executable = { type: 'existing-path', path: await testServerPath() } as const;
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  const clock = await start(env);
  try {
    return await work(clock);
  } finally {
    await clock.stopWorker();
    await env.teardown();
  }
}

async function start(env: TestWorkflowEnvironment) {
  await registerSearchAttributes(env);
  const bundle = await workflowBundle();
  let running: { worker: Worker; run: Promise<void> } | undefined;
  return {
    temporal: env.client,
    /** The server's clock. */
    now: async () => new Date(await env.currentTimeMs()),
    /** Lets so many milliseconds pass, with all that is due in them. */
    passes: (ms: number) => env.sleep(ms),
    /** Starts the worker of follow-ups, unless it runs. */
    async startWorker(activities: object): Promise<void> {
      if (running) return;
      const worker = await Worker.create({
        connection: env.nativeConnection,
        taskQueue: FOLLOW_UPS_QUEUE,
        workflowBundle: bundle,
        activities,
        shutdownGraceTime: '1 second',
      });
      running = { worker, run: worker.run() };
    },
    async stopWorker(): Promise<void> {
      const stopping = running;
      running = undefined;
      stopping?.worker.shutdown();
      await stopping?.run;
    },
  };
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

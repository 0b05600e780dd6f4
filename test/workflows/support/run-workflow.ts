import { randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import type { Duration } from '@temporalio/common';
import { msToNumber } from '@temporalio/common/lib/time.js';
import { Context } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker, type WorkflowBundlePath } from '@temporalio/worker';
import {
  FailedHandlers,
  LateHandlers,
  searchAttributes,
  StrandedHandlers,
} from '@crm/workflows/search-attributes';
import { testServerPath } from '@crm/tools/binaries';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { letPass, registerSearchAttributes, remindersWorker } from './simulation/skipping-clock.ts';
import { workflowBundle } from '@crm/workers/workflow-bundle';
import { until } from '../../support/until.ts';

/** One attempt of an activity, as the fake saw it. */
export type Attempt = {
  activity: string;
  /** A local activity, or a regular one that the server schedules. */
  local: boolean;
  /** The number of this attempt, from 1, over all schedulings of the activity. */
  nth: number;
  /** The server's time since the start of the workflow. */
  atMs: number;
  input: unknown;
};

/** Replaces the services behind an activity: returns or throws, depending on the attempt. */
export type Fake = (attempt: Attempt) => unknown;

export type Started = {
  workflowType: string;
  /** The workflow's argument. A follow-up's is made from the instant of the start. */
  input: (startedAt: Date) => object;
  /** The fakes of all activities that the workflow calls. */
  activities: Record<string, Fake>;
  /** Default: a random one. */
  workflowId?: string;
  signal?: string;
  /** Default: the working tree's. */
  workflowBundle?: WorkflowBundlePath;
};

/** A workflow on a skipping clock. */
export type Run = Awaited<ReturnType<typeof startRun>>;

/** Longer than any run in the tests: if nothing else is due, the clock jumps to the run's timeout. */
const RUN_TIMEOUT = '60 days';

/**
 * What is due at the end of a passing time must happen within it. If a signal came while the timer fires, the
 * workflow would cancel a timer that this server has forgotten already: it refuses, and its clock stops for
 * good (temporalio/sdk-java#3088, #2606).
 */
const A_MOMENT = 2_000;

quietRuntime();

/**
 * Runs a workflow of the real bundle on a time-skipping server of its own, with recorded fake activities, and
 * lets a test look at it. The clock only moves while `passes` or `result` is awaited.
 */
export async function runWorkflow(started: Started, look: (run: Run) => Promise<void>): Promise<void> {
  const executable = { type: 'existing-path', path: await testServerPath() } as const;
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  try {
    await registerSearchAttributes(env);
    const workflowId = started.workflowId ?? randomUUID();
    const startedAt = await env.currentTimeMs();
    const attempts: Attempt[] = [];
    const activities = record(
      started.activities,
      attempts,
      async () => (await env.currentTimeMs()) - startedAt,
    );
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: workflowId,
      workflowBundle: started.workflowBundle ?? (await workflowBundle()),
      activities,
    });
    const reminders = await remindersWorker(env, activities);
    const looked = async () => look(await startRun(env, workflowId, started, attempts, startedAt));
    await worker.runUntil(reminders ? reminders.runUntil(looked) : looked);
  } finally {
    await env.teardown();
  }
}

async function startRun(
  env: TestWorkflowEnvironment,
  workflowId: string,
  { workflowType, input, signal }: Started,
  attempts: Attempt[],
  startedAt: number,
) {
  const client: Client = env.client;
  const argument = input(new Date(startedAt));
  const options = {
    args: [argument] as never,
    workflowId,
    taskQueue: workflowId,
    workflowRunTimeout: RUN_TIMEOUT,
    typedSearchAttributes: searchAttributes('test', argument),
  } as const;
  const handle: WorkflowHandle = signal
    ? await client.workflow.signalWithStart(workflowType, { ...options, signal })
    : await client.workflow.start(workflowType, options);
  const attribute = async (key: typeof LateHandlers) =>
    (await handle.describe()).typedSearchAttributes.get(key);
  return {
    handle,
    attempts,
    /** The attempts of one activity. */
    attemptsOf: (activity: string) => attempts.filter((attempt) => attempt.activity === activity),
    /** The result, or the failure; the clock skips to it. */
    result: () => handle.result() as Promise<unknown>,
    /** Lets time pass with everything that is due in it, and a moment more. */
    passes: (time: Duration) => letPass(env, msToNumber(time) + A_MOMENT),
    /** Server time since the start. */
    nowMs: async () => (await env.currentTimeMs()) - startedAt,
    status: async () => (await handle.describe()).status.name,
    late: () => attribute(LateHandlers),
    failed: () => attribute(FailedHandlers),
    stranded: () => attribute(StrandedHandlers),
    /** The run's current details, as operators see them. */
    async details(): Promise<string> {
      const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
      return metadata.currentDetails ?? '';
    },
    /** The types of the history's events so far, in order: `EVENT_TYPE_TIMER_STARTED`, … */
    async eventTypes() {
      const { events } = await handle.fetchHistory();
      return (events ?? []).map(({ eventType }) => proto.temporal.api.enums.v1.EventType[eventType!]);
    },
    /** Waits until this holds, without moving the clock. */
    until: (what: string, holds: () => Promise<boolean> | boolean) => until(what, holds, 45_000),
  };
}

function record(
  fakes: Record<string, Fake>,
  attempts: Attempt[],
  nowMs: () => Promise<number>,
): Record<string, (input: unknown) => Promise<unknown>> {
  const recorded = Object.entries(fakes).map(([activity, fake]) => [
    activity,
    async (input: unknown) => {
      const nth = attempts.filter((attempt) => attempt.activity === activity).length + 1;
      const attempt = { activity, local: Context.current().info.isLocal, nth, atMs: NaN, input };
      attempts.push(attempt);
      attempt.atMs = await nowMs();
      return fake(attempt);
    },
  ]);
  return Object.fromEntries(recorded) as Record<string, (input: unknown) => Promise<unknown>>;
}

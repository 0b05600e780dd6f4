import { Client } from '@temporalio/client';
import type { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { DefaultLogger, NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import { EVENTS_QUEUE, FOLLOW_UPS_QUEUE, REMINDERS_QUEUE } from '@crm/workflows/task-queues';
import type { Services } from './clients.ts';
import type { WorkersConfig } from './config.ts';
import { deploymentOptions } from './deployment.ts';
import { firstFollowUpActivities } from './follow-ups/first-follow-up.ts';
import { invoiceReminderActivities } from './follow-ups/invoice-reminder.ts';
import { paymentRetryActivities } from './follow-ups/payment-retry.ts';
import { strandedActivities } from './follow-ups/tell-of-stranded.ts';
import { forever } from './forever.ts';
import { handlerActivities } from './handlers/index.ts';
import { inCorrelation } from './in-correlation.ts';
import { withFailures } from './rpc-failure.ts';
import { ensureSchedules } from './maintenance/ensure-schedules.ts';
import { judgeHoldsActivities } from './maintenance/judge-holds.ts';
import { prenotifyActivities } from './maintenance/prenotify-debits.ts';
import { purgeActivities } from './maintenance/purge-expired-rows.ts';
import { prepareTemporal } from './temporal.ts';
import { taskSlots, type TaskSlots } from './task-slots.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** A server that does not answer within this time, in milliseconds, is considered away. */
const PROBE_MS = 1_000;

/**
 * The number of pollers is fixed: with autoscaling there were long tails, and a third of the throughput on
 * two cores. The cache holds running workflows, not sleeping ones: a cached workflow takes one or two
 * megabytes, so thousands of reminders would take gigabytes for weeks to save each a replay of some
 * milliseconds.
 */
const POLLING = {
  maxConcurrentWorkflowTaskPolls: 10,
  maxConcurrentActivityTaskPolls: 10,
  maxCachedWorkflows: 100,
  shutdownGraceTime: '5 seconds',
} as const;

export type TemporalPart = 'bridge' | 'events' | 'follow-ups';

export type TemporalOptions = {
  config: WorkersConfig;
  log: Logger;
  plugin: OpenTelemetryPlugin;
  services: Services;
  db: Db;
};

/** Temporal for this process: a connection, its workers, and a client on the same connection. */
export type RunningTemporal = {
  /** Resolves when the connection is there; undefined if the process ended first. */
  client: Promise<Client | undefined>;
  ready(): Promise<boolean>;
  stop(): Promise<void>;
};

/** Connects to Temporal, without limit, and runs the workers of the named parts. */
export function runTemporal(parts: TemporalPart[], options: TemporalOptions): RunningTemporal {
  const { config, log, plugin } = options;
  logThrough(log);
  const stopping = new AbortController();
  const workers: Worker[] = [];
  const runs: Promise<void>[] = [];
  let ready = false;
  const connect = async () => {
    const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
    await prepareTemporal(connection, config.TEMPORAL_NAMESPACE);
    return connection;
  };
  const client = forever('temporal', log, stopping.signal, connect).then((connection) => {
    if (!connection) return undefined;
    return new Client({ connection, namespace: config.TEMPORAL_NAMESPACE, plugins: [plugin] });
  });
  const started = client.then(async (connected) => {
    if (!connected) return;
    const connection = connected.connection as NativeConnection;
    const slots = taskSlots();
    for (const queue of await queuesOf(parts, options, connected, slots)) {
      const worker = await forever(`worker ${queue.taskQueue}`, log, stopping.signal, () =>
        Worker.create({
          ...POLLING,
          tuner: slots.tuner,
          ...queue,
          connection,
          namespace: config.TEMPORAL_NAMESPACE,
          ...deploymentOptions(queue.taskQueue, config.TEMPORAL_WORKER_BUILD_ID),
          plugins: [plugin],
        }),
      );
      if (!worker) return;
      workers.push(worker);
      runs.push(worker.run());
    }
    if (parts.includes('follow-ups')) {
      await forever('schedules', log, stopping.signal, () => ensureSchedules(connected));
    }
    ready = true;
  });
  // a worker that cannot continue ends the process, which is then restarted
  const fatal = (err: unknown) => {
    log.fatal({ err }, 'worker');
    process.exit(1);
  };
  started.then(() => Promise.all(runs)).catch(fatal);
  return {
    client,
    async ready() {
      if (!ready || workers.some((worker) => worker.getState() !== 'RUNNING')) return false;
      const connection = (await client)!.connection as NativeConnection;
      const answered = connection.withDeadline(Date.now() + PROBE_MS, () =>
        connection.workflowService.getSystemInfo({}),
      );
      return await answered.then(() => true);
    },
    async stop() {
      stopping.abort();
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
      await (await client)?.connection.close();
    },
  };
}

type Queue = Partial<WorkerOptions> & Pick<WorkerOptions, 'taskQueue'>;

async function queuesOf(
  parts: TemporalPart[],
  { services, db, config }: TemporalOptions,
  client: Client,
  slots: TaskSlots,
): Promise<Queue[]> {
  if (!parts.some((part) => part !== 'bridge')) return [];
  const bundle = await workflowBundle();
  const followUp = <A extends object>(activities: A) => withFailures(inCorrelation(activities));
  const reminders = followUp(invoiceReminderActivities(services));
  const queues: Record<TemporalPart, Queue[]> = {
    bridge: [],
    events: [
      { taskQueue: EVENTS_QUEUE, workflowBundle: bundle, activities: handlerActivities(services, client) },
    ],
    'follow-ups': [
      {
        taskQueue: FOLLOW_UPS_QUEUE,
        workflowBundle: bundle,
        activities: {
          ...followUp(firstFollowUpActivities(services)),
          // including the activity that sends reminders: runs from before it had its own queue scheduled it
          // here
          ...reminders,
          ...followUp(paymentRetryActivities(services)),
          ...judgeHoldsActivities(services),
          ...followUp(strandedActivities(services)),
          ...prenotifyActivities(services),
          ...purgeActivities(db),
        },
      },
      {
        taskQueue: REMINDERS_QUEUE,
        activities: { sendReminder: reminders.sendReminder },
        maxTaskQueueActivitiesPerSecond: config.REMINDERS_PER_SECOND,
        tuner: slots.ofReminders,
      },
    ],
  };
  return parts.flatMap((part) => queues[part]);
}

/** Sends the SDK's log to the process's log. The SDK allows this only once. */
function logThrough(log: Logger): void {
  const logger = new DefaultLogger('INFO', ({ level, message, meta }) => {
    const say = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
    log[say[level]](meta ?? {}, message);
  });
  const filter = 'temporalio_sdk_core=WARN,temporalio_client=WARN,temporalio_common=WARN';
  Runtime.install({ logger, telemetryOptions: { logging: { forward: {}, filter } } });
}

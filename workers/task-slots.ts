import { ResourceBasedController, type WorkerTuner } from '@temporalio/worker';

/** Workflow tasks take milliseconds and wait for nothing. */
const WORKFLOW_TASKS = { type: 'fixed-size', numSlots: 20 } as const;

/** How much the workers of a process do at once; of reminders that go out less, so that they fill no mail server. */
export type TaskSlots = { tuner: WorkerTuner; ofReminders: WorkerTuner };

/**
 * How much this process does at once. What handlers ask of the services comes from behind the calls that somebody
 * waits for: while the machine's processors are busy they go two by two, and while it is idle, or they merely wait
 * for a mail server, a hundred at a time (docs/adr/0012).
 */
export function taskSlots(): TaskSlots {
  const controller = ResourceBasedController.create({ targetCpuUsage: 0.6, targetMemoryUsage: 1 });
  const tuner = (maximumSlots: number): WorkerTuner => {
    const limits = { minimumSlots: 2, maximumSlots, rampThrottle: '20ms' } as const;
    const activities = { type: 'resource-based', controller, ...limits } as const;
    return {
      workflowTaskSlotSupplier: WORKFLOW_TASKS,
      activityTaskSlotSupplier: activities,
      localActivityTaskSlotSupplier: activities,
      nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
    };
  };
  return { tuner: tuner(100), ofReminders: tuner(20) };
}

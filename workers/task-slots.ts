import { ResourceBasedController, type WorkerTuner } from '@temporalio/worker';

/** Workflow tasks take milliseconds and do not wait. */
const WORKFLOW_TASKS = { type: 'fixed-size', numSlots: 20 } as const;

/**
 * The limits of concurrent work of a process's workers; lower for reminders, so that they do not flood a mail
 * server.
 */
export type TaskSlots = { tuner: WorkerTuner; ofReminders: WorkerTuner };

/**
 * The limits of concurrent work of this process. Handlers must not slow down callers: while the machine's
 * processors are busy two run at a time; while it is idle, or they only wait for a mail server, a hundred
 * (docs/adr/0012).
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

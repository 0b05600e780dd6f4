import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

/** Has the purge run every night; a Schedule that is there already stays as operators have set it. */
export async function schedulePurge(temporal: Client): Promise<void> {
  try {
    await temporal.schedule.create({
      scheduleId: 'purge-expired',
      spec: { calendars: [{ hour: 3, minute: 30 }], timezone: 'Europe/Paris' },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
      action: {
        type: 'startWorkflow',
        workflowType: 'purgeExpired',
        workflowId: 'purge-expired',
        taskQueue: FOLLOW_UPS_QUEUE,
        args: [],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

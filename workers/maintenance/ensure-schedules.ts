import { PARIS } from '@crm/domain';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { ScheduleOptions } from '@temporalio/client';
import { SCHEDULES } from '@crm/workflows/schedules';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

/**
 * Creates or updates the Schedules as this version defines them. What operators have set, paused or a note,
 * is kept.
 */
export async function ensureSchedules(temporal: Client): Promise<void> {
  for (const [scheduleId, { workflowType, at }] of Object.entries(SCHEDULES)) {
    const planned = {
      spec: { calendars: [at], timezone: PARIS },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
      action: {
        type: 'startWorkflow',
        workflowType,
        workflowId: scheduleId,
        taskQueue: FOLLOW_UPS_QUEUE,
        args: [],
      },
    } satisfies Omit<ScheduleOptions, 'scheduleId'>;
    try {
      await temporal.schedule.create({ scheduleId, ...planned });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
      await temporal.schedule.getHandle(scheduleId).update(({ state }) => ({ ...planned, state }));
    }
  }
}

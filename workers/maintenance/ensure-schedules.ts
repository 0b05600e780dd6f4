import { PARIS } from '@crm/domain';
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { CalendarSpec, ScheduleOptions } from '@temporalio/client';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

/**
 * The workflows that run by the clock of Paris, by the id of their Schedule, which is also the workflow's.
 */
const SCHEDULES: Record<string, { workflowType: string; at: CalendarSpec }> = {
  'purge-expired': { workflowType: 'purgeExpired', at: { hour: 3, minute: 30 } },
  // before the opening hours of any rule, and soon after midnight, when promises end
  'judge-holds': { workflowType: 'judgeHolds', at: { hour: { start: 0, end: 23 }, minute: 2 } },
  // every hour of the day, because a debit that is planned late must be announced at once
  'prenotify-debits': { workflowType: 'prenotifyDebits', at: { hour: { start: 8, end: 19 }, minute: 10 } },
};

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

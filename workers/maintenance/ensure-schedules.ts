import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { CalendarSpec } from '@temporalio/client';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

/** What runs by the clock of Paris, by the id of its Schedule, which is its workflow's too. */
const SCHEDULES: Record<string, { workflowType: string; at: CalendarSpec }> = {
  'purge-expired': { workflowType: 'purgeExpired', at: { hour: 3, minute: 30 } },
  // by day, and every hour: a debit that is planned late is told of at once
  'prenotify-debits': { workflowType: 'prenotifyDebits', at: { hour: { start: 8, end: 19 }, minute: 10 } },
};

/** Has everything run that runs by the clock; a Schedule that is there already stays as operators have set it. */
export async function ensureSchedules(temporal: Client): Promise<void> {
  for (const [scheduleId, { workflowType, at }] of Object.entries(SCHEDULES)) {
    try {
      await temporal.schedule.create({
        scheduleId,
        spec: { calendars: [at], timezone: 'Europe/Paris' },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
        action: {
          type: 'startWorkflow',
          workflowType,
          workflowId: scheduleId,
          taskQueue: FOLLOW_UPS_QUEUE,
          args: [],
        },
      });
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    }
  }
}

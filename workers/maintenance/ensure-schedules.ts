import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { CalendarSpec, ScheduleOptions } from '@temporalio/client';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';

/** What runs by the clock of Paris, by the id of its Schedule, which is its workflow's too. */
const SCHEDULES: Record<string, { workflowType: string; at: CalendarSpec }> = {
  'purge-expired': { workflowType: 'purgeExpired', at: { hour: 3, minute: 30 } },
  // by day, and every hour: a debit that is planned late is told of at once
  'prenotify-debits': { workflowType: 'prenotifyDebits', at: { hour: { start: 8, end: 19 }, minute: 10 } },
};

/**
 * Has everything run that runs by the clock, as this version says when and what. A Schedule that is there already keeps
 * what operators have set: whether it is paused, and its note.
 */
export async function ensureSchedules(temporal: Client): Promise<void> {
  for (const [scheduleId, { workflowType, at }] of Object.entries(SCHEDULES)) {
    const planned = {
      spec: { calendars: [at], timezone: 'Europe/Paris' },
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

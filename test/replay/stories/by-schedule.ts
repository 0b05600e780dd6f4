import { until } from '../../support/until.ts';
import type { Story } from '../stage.ts';

/** The workflows that run by the clock, by their Schedules. */
const SCHEDULED = {
  'judge-holds': 'judgeHolds',
  'prenotify-debits': 'prenotifyDebits',
  'purge-expired': 'purgeExpired',
};

export const BY_SCHEDULE_STORIES: Story[] = Object.entries(SCHEDULED).map(([scheduleId, workflow]) => ({
  cases: [`${workflow}/by-schedule`],
  async play({ temporal, completed }, keep) {
    const schedule = temporal.schedule.getHandle(scheduleId);
    await until('the schedule', () => schedule.trigger().then(() => true));
    const workflowId = await until('its run', async () => {
      const [action] = (await schedule.describe()).info.recentActions;
      return action?.action.type === 'startWorkflow' && action.action.workflow.workflowId;
    });
    await completed(workflowId);
    await keep(`${workflow}/by-schedule`, workflowId);
  },
}));

import { until } from '../../support/until.ts';
import type { Story } from '../stage.ts';

export const PURGE_EXPIRED_STORIES: Story[] = [
  {
    cases: ['purgeExpired/by-schedule'],
    async play({ temporal, completed }, keep) {
      const schedule = temporal.schedule.getHandle('purge-expired');
      await until('the schedule', () => schedule.trigger().then(() => true));
      const workflowId = await until('its run', async () => {
        const [action] = (await schedule.describe()).info.recentActions;
        return action?.action.type === 'startWorkflow' && action.action.workflow.workflowId;
      });
      await completed(workflowId);
      await keep('purgeExpired/by-schedule', workflowId);
    },
  },
];

import { until } from '../../support/until.ts';
import type { Story } from '../stage.ts';

export const PRENOTIFY_DEBITS_STORIES: Story[] = [
  {
    cases: ['prenotifyDebits/by-schedule'],
    async play({ temporal, completed }, keep) {
      const schedule = temporal.schedule.getHandle('prenotify-debits');
      await until('the schedule', () => schedule.trigger().then(() => true));
      const workflowId = await until('its run', async () => {
        const [action] = (await schedule.describe()).info.recentActions;
        return action?.action.type === 'startWorkflow' && action.action.workflow.workflowId;
      });
      await completed(workflowId);
      await keep('prenotifyDebits/by-schedule', workflowId);
    },
  },
];

import { DAY, downUntil, MINUTE } from './support/fakes.ts';
import { runWorkflow } from './support/run-workflow.ts';

test.each([
  ['judgeHolds', 'judgeDueHolds', { rompues: 3 }],
  ['prenotifyDebits', 'sendPrenotifications', { told: 3 }],
  ['purgeExpired', 'purgeExpiredRows', { outbox: 3 }],
])(
  '%s waits for what is down, and tells how much was done',
  (workflowType, activity, done) => {
    const activities = { [activity]: downUntil(DAY, () => done) };
    return runWorkflow({ workflowType, input: () => ({}), activities }, async (run) => {
      expect(await run.result()).toEqual(done);
      expect(run.attempts.at(-1)!.atMs).toBeLessThan(DAY + 11 * MINUTE);
    });
  },
  60_000,
);

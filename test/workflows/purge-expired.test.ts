import { DAY, downUntil, MINUTE } from './support/fakes.ts';
import { runWorkflow } from './support/run-workflow.ts';

test('the purge waits for a database that is down, and tells how much went', () => {
  const purgeExpiredRows = downUntil(DAY, () => ({ outbox: 3 }));
  const started = { workflowType: 'purgeExpired', input: () => ({}), activities: { purgeExpiredRows } };
  return runWorkflow(started, async (run) => {
    expect(await run.result()).toEqual({ outbox: 3 });
    expect(run.attempts.at(-1)!.atMs).toBeLessThan(DAY + 11 * MINUTE);
  });
}, 60_000);

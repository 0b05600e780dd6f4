import { DAY, downUntil, MINUTE } from './support/fakes.ts';
import { runWorkflow } from './support/run-workflow.ts';

test('prenotifying waits for services that are down, and tells how many were told', () => {
  const sendPrenotifications = downUntil(DAY, () => ({ told: 3 }));
  const started = {
    workflowType: 'prenotifyDebits',
    input: () => ({}),
    activities: { sendPrenotifications },
  };
  return runWorkflow(started, async (run) => {
    expect(await run.result()).toEqual({ told: 3 });
    expect(run.attempts.at(-1)!.atMs).toBeLessThan(DAY + 11 * MINUTE);
  });
}, 60_000);

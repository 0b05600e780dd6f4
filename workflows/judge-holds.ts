import { proxyActivities } from '@temporalio/workflow';

/** The number of holds that ended. The next run tries those again that were put off. */
export type Judged = { tenues: number; rompues: number; expirees: number; remises: number };

/** The activity of judging holds. */
export type JudgeHoldsActivities = {
  /** Judges the holds on reminders whose day has come, and finishes what follows from those that have ended. */
  judgeDueHolds(): Promise<Judged>;
};

const { judgeDueHolds } = proxyActivities<JudgeHoldsActivities>({
  startToCloseTimeout: '30 minutes',
  heartbeatTimeout: '3 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/** Run by a Schedule every hour: promises are judged, though nobody asks. */
export async function judgeHolds(): Promise<Judged> {
  return await judgeDueHolds();
}

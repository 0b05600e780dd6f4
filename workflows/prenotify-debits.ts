import { proxyActivities } from '@temporalio/workflow';

/** The number of clients that were told of a debit. The next run tries the others again. */
export type Prenotified = { told: number; withoutAddress: number; settled: number; refused: number };

/** The activity of prenotifying. */
export type PrenotifyActivities = {
  /** Tells clients about the debits that are due to be announced, once for each date. */
  sendPrenotifications(): Promise<Prenotified>;
};

const { sendPrenotifications } = proxyActivities<PrenotifyActivities>({
  startToCloseTimeout: '30 minutes',
  // one mail at a time; the mail server's answer takes longest
  heartbeatTimeout: '3 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/** Run by a Schedule during the day: clients learn of their next debits. */
export async function prenotifyDebits(): Promise<Prenotified> {
  return await sendPrenotifications();
}

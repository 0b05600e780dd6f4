import { proxyActivities } from '@temporalio/workflow';

/** How many clients were told of a debit; those that could not be are tried again by the next run. */
export type Prenotified = { told: number; withoutAddress: number; settled: number; refused: number };

/** What prenotifying asks of the services. */
export type PrenotifyActivities = {
  /** Tells clients of the debits that are due to be told of, each once a date. */
  sendPrenotifications(): Promise<Prenotified>;
};

const { sendPrenotifications } = proxyActivities<PrenotifyActivities>({
  startToCloseTimeout: '30 minutes',
  // a mail at a time, of which the mail server's answer takes longest
  heartbeatTimeout: '3 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/** By day, by a Schedule: clients learn of their next debits. */
export async function prenotifyDebits(): Promise<Prenotified> {
  return await sendPrenotifications();
}

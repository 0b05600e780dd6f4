import { proxyActivities } from '@temporalio/workflow';

/** What purging asks of the database. */
export type PurgeActivities = {
  /** Deletes what is older than its guard's 30 days; answers how many rows of each table went. */
  purgeExpiredRows(): Promise<Record<string, number>>;
};

const { purgeExpiredRows } = proxyActivities<PurgeActivities>({
  startToCloseTimeout: '30 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/** Every night, by a Schedule: rows that guarded against repetition and have outlived their use. */
export async function purgeExpired(): Promise<Record<string, number>> {
  return await purgeExpiredRows();
}

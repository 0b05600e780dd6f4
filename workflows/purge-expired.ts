import { proxyActivities } from '@temporalio/workflow';

/** The activity of purging. */
export type PurgeActivities = {
  /** Deletes expired rows. Returns the number of deleted rows for each table. */
  purgeExpiredRows(): Promise<Record<string, number>>;
};

const { purgeExpiredRows } = proxyActivities<PurgeActivities>({
  startToCloseTimeout: '30 minutes',
  retry: { initialInterval: '10 seconds', maximumInterval: '10 minutes' },
});

/**
 * Run by a Schedule every night: deletes rows that guarded against repetition and are not needed any more.
 */
export async function purgeExpired(): Promise<Record<string, number>> {
  return await purgeExpiredRows();
}

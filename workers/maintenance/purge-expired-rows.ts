import type { Db } from '@crm/db';
import { ApplicationFailure } from '@temporalio/common';
import type { PurgeActivities } from '@crm/workflows/purge-expired';
import { GUARDS_MS } from '@crm/workflows/retention';

/** The number of rows per statement, so that locks are short. */
const BATCH = 5_000;

/**
 * The rows that expire. An event that was never published does not, nor does a dead letter that nobody has
 * redriven.
 */
const EXPIRED = {
  processed_events: 'processed_at < $1',
  idempotency_keys: 'created_at < $1',
  outbox: 'published_at < $1',
  dead_letters: 'redriven_at < $1',
};

/**
 * Deletes expired rows of the platform's own tables. What guards a younger event stays. A table that fails
 * does not stop the others; the activity then fails in the end, and its next attempt continues.
 */
export const purgeActivities = (db: Db, now = () => Date.now()): PurgeActivities => ({
  async purgeExpiredRows() {
    const before = new Date(now() - GUARDS_MS);
    const purged: Record<string, number> = {};
    const failures: string[] = [];
    for (const [table, condition] of Object.entries(EXPIRED)) {
      try {
        purged[table] = await purge(db, table, condition, before);
      } catch (error) {
        failures.push(`${table}: ${(error as Error).message}`);
      }
    }
    if (failures.length > 0) throw ApplicationFailure.retryable(failures.join('\n'), 'PURGE');
    return purged;
  },
});

/** Deletes in batches. Returns the number of rows. */
async function purge(db: Db, table: string, condition: string, before: Date): Promise<number> {
  let purged = 0;
  for (let deleted = BATCH; deleted === BATCH; purged += deleted) {
    deleted = await db.$executeRawUnsafe(
      `DELETE FROM events.${table} WHERE ctid IN (SELECT ctid FROM events.${table} WHERE ${condition} LIMIT ${BATCH})`,
      before,
    );
  }
  return purged;
}

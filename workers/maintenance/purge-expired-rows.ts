import type { Db } from '@crm/db';
import { ApplicationFailure } from '@temporalio/common';
import type { PurgeActivities } from '@crm/workflows/purge-expired';
import { GUARDS_MS } from '@crm/workflows/retention';

/** Rows a statement, so that none holds its locks for long. */
const BATCH = 5_000;

/**
 * Which rows of which tables expire. An event that was never published does not, nor a dead letter that nobody has
 * redriven, however old it is.
 */
const EXPIRED = {
  processed_events: 'processed_at < $1',
  idempotency_keys: 'created_at < $1',
  outbox: 'published_at < $1',
  dead_letters: 'redriven_at < $1',
};

/**
 * Deletes the expired rows of the platform's own tables; what guards a younger event stays. A table that fails holds up
 * none that comes after; the activity fails in the end, and its next attempt finds what is left.
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

/** Deletes batch by batch; answers how many. */
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

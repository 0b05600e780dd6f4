import type { Db } from '@crm/db';
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

/** Deletes the expired rows of the platform's own tables; what guards a younger event stays. */
export const purgeActivities = (db: Db, now = () => Date.now()): PurgeActivities => ({
  async purgeExpiredRows() {
    const before = new Date(now() - GUARDS_MS);
    const purged: Record<string, number> = {};
    for (const [table, condition] of Object.entries(EXPIRED)) {
      purged[table] = 0;
      for (let deleted = BATCH; deleted === BATCH; purged[table] += deleted) {
        deleted = await db.$executeRawUnsafe(
          `DELETE FROM events.${table} WHERE ctid IN (SELECT ctid FROM events.${table} WHERE ${condition} LIMIT ${BATCH})`,
          before,
        );
      }
    }
    return purged;
  },
});

import type { Db, Tx } from '@crm/db';

/** The result of a handler whose effect took place; undefined if it has not. */
export async function findProcessed(
  tx: Tx | Db,
  eventId: string,
  handler: string,
): Promise<{ resultId: string | null } | undefined> {
  const where = { eventId_handler: { eventId, handler } };
  return (await tx.processedEvent.findUnique({ where, select: { resultId: true } })) ?? undefined;
}

/**
 * Marks a handler's effect for an event, in the transaction of the effect.
 * @returns false for a duplicate. The insert conflicts, after waiting for a concurrent one. Reading before
 *   writing would let two through.
 */
export async function markProcessed(
  tx: Tx,
  eventId: string,
  eventType: string,
  handler: string,
): Promise<boolean> {
  const inserted = await tx.$executeRaw`
    INSERT INTO events.processed_events (event_id, handler, event_type)
    VALUES (${eventId}::uuid, ${handler}, ${eventType}) ON CONFLICT DO NOTHING`;
  return inserted === 1;
}

import type { Db, Tx } from '@crm/db';

/** What a handler that has had its effect for an event answered; undefined for one that has not. */
export async function findProcessed(
  tx: Tx | Db,
  eventId: string,
  handler: string,
): Promise<{ resultId: string | null } | undefined> {
  const where = { eventId_handler: { eventId, handler } };
  return (await tx.processedEvent.findUnique({ where, select: { resultId: true } })) ?? undefined;
}

/**
 * Marks that a handler has its effect for an event, in the effect's transaction.
 * @returns false for a duplicate. It is the insert that conflicts, after waiting for a concurrent one to end:
 * reading first and writing then would let two through.
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

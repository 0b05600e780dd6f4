import type { Tx } from '@crm/db';
import { definitionOf, type EventFields, type EventType } from '@crm/workflows/events';
import { MAX_EVENT_BYTES } from '@crm/workflows/event-table';
import { context, propagation } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { currentWork } from './context.ts';
import { invalid } from './errors.ts';
import { eventIdOf } from './event-id.ts';

/**
 * Records an event in the caller's transaction: it is published if and when that commits, and the answer to the
 * caller does not wait for it. The same fact told twice is one event.
 * @param fields what the event says beside `eventId`, `timestamp` and `correlationId`, which are made here
 * @param occurrence tells apart facts of one entity that can take place again: a payment received, returned by the
 * bank, and received once more
 * @returns the event's id
 */
export async function emit<T extends EventType>(
  tx: Tx,
  eventType: T,
  fields: EventFields<T>,
  occurrence: string[] = [],
): Promise<string> {
  const { message, fact } = definitionOf(eventType);
  const eventId = eventIdOf(eventType, [...fact(fields), ...occurrence]);
  const correlationId = currentWork()?.correlationId ?? randomUUID();
  const payload = message
    .encode(message.fromPartial({ ...fields, eventId, correlationId, timestamp: new Date() }))
    .finish();
  if (payload.length > MAX_EVENT_BYTES)
    throw invalid('', `event ${eventType} would have ${payload.length} bytes`);
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  await tx.outbox.createMany({
    data: [{ eventId, eventType, payload: Buffer.from(payload), headers }],
    skipDuplicates: true,
  });
  return eventId;
}

import { publish, type NatsConnection } from '@crm/nats';
import { definitionOf, subjectOf, type EventFields, type EventType } from '@crm/workflows/events';
import { randomUUID } from 'node:crypto';

/** Publishes an event as the relay would, although no service did; returns its id. */
export async function publishEvent<T extends EventType>(
  nats: NatsConnection,
  eventType: T,
  fields: EventFields<T>,
): Promise<string> {
  const { message } = definitionOf(eventType);
  const eventId = randomUUID();
  const common = { eventId, correlationId: randomUUID(), timestamp: new Date() };
  const payload = message.encode(message.fromPartial({ ...fields, ...common })).finish();
  await publish(nats, subjectOf(eventType), eventId, payload);
  return eventId;
}

import { eventTypeOf, events, type EventType } from '@crm/workflows/events';
import type { CommonFields } from '@crm/workflows/event-table';

/** A message that can never become a workflow. */
export class NotAnEvent extends Error {
  override readonly name = 'NotAnEvent';
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Temporal refuses far larger payloads, but only after many attempts; events are notifications of 64 KiB at most. */
const MAX_BYTES = 64 * 1024;

/**
 * Reads the event of a message.
 * @throws {NotAnEvent} with the reason: an unknown subject, bytes of another kind, a missing id or time
 */
export function readEvent(
  subject: string,
  payload: Uint8Array,
): { eventType: EventType; event: CommonFields } {
  const eventType = eventTypeOf(subject);
  if (!eventType) throw new NotAnEvent(`no event has the subject ${subject}`);
  if (payload.length > MAX_BYTES)
    throw new NotAnEvent(`${payload.length} bytes, events have ${MAX_BYTES} at most`);
  let event: CommonFields;
  try {
    event = events[eventType].message.decode(payload);
  } catch (error) {
    throw new NotAnEvent(`not a protobuf message: ${(error as Error).message}`);
  }
  if (!UUID.test(event.eventId)) throw new NotAnEvent(`event_id is not a UUID in a message on ${subject}`);
  if (!event.timestamp || Number.isNaN(event.timestamp.getTime()))
    throw new NotAnEvent('timestamp is missing');
  return { eventType, event };
}

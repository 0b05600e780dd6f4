import { descriptors, readMessage, RpcError } from '@crm/kit';
import { MAX_EVENT_BYTES, type CommonFields } from '@crm/workflows/event-table';
import { events, eventTypeOf, type EventType } from '@crm/workflows/events';

/** A message that can never become a workflow. */
export class NotAnEvent extends Error {
  override readonly name = 'NotAnEvent';
}

/**
 * Reads the event of a message and checks it against the rules in its .proto.
 * @throws {NotAnEvent} with the reason: an unknown subject, bytes of another kind, or a field that breaks a
 *   rule
 */
export function readEvent(
  subject: string,
  payload: Uint8Array,
): { eventType: EventType; event: CommonFields } {
  const eventType = eventTypeOf(subject);
  if (!eventType) throw new NotAnEvent(`no event has the subject ${subject}`);
  if (payload.length > MAX_EVENT_BYTES) {
    throw new NotAnEvent(`${payload.length} bytes, events have ${MAX_EVENT_BYTES} at most`);
  }
  const { message } = events[eventType];
  try {
    const { value } = readMessage(descriptors.getMessage(message.$type)!, payload);
    return { eventType, event: value as CommonFields };
  } catch (error) {
    if (error instanceof RpcError) throw new NotAnEvent(error.message);
    throw new NotAnEvent(`not a ${message.$type}: ${(error as Error).message}`);
  }
}

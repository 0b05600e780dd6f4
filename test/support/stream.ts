import { STREAM, type NatsConnection } from '@crm/nats';
import { until } from './until.ts';

/** A message in the stream. */
export type StoredMessage = {
  subject: string;
  sequence: number;
  data: Uint8Array;
  header(name: string): string | undefined;
};

/** The messages of a subject in the stream, oldest first. */
export async function storedMessages(nats: NatsConnection, subject: string): Promise<StoredMessage[]> {
  const consumer = await nats.jetstream().consumers.get(STREAM, { filterSubjects: subject });
  const { num_pending: count } = await consumer.info();
  const messages: StoredMessage[] = [];
  if (count === 0) return messages;
  const batch = await consumer.fetch({ max_messages: count, expires: 5_000 });
  for await (const { subject: on, seq, data, headers } of batch) {
    messages.push({ subject: on, sequence: seq, data, header: (name) => headers?.get(name) || undefined });
  }
  return messages;
}

/** The message of an event, once the relay has published it. */
export function storedEvent(nats: NatsConnection, subject: string, eventId: string): Promise<StoredMessage> {
  return until(`${eventId} on ${subject}`, async () =>
    (await storedMessages(nats, subject)).find((message) => message.header('Nats-Msg-Id') === eventId),
  );
}

/** Waits until the bridge has handled every message up to a sequence: acknowledged or terminated. */
export async function bridgePassed(nats: NatsConnection, sequence: number): Promise<void> {
  const manager = await nats.jetstreamManager();
  await until(`the bridge to pass ${sequence}`, async () => {
    const { ack_floor } = await manager.consumers.info(STREAM, 'bridge');
    return ack_floor.stream_seq >= sequence;
  });
}

/** Waits until the bridge has so many messages that it has not answered yet. */
export async function bridgeHolds(nats: NatsConnection, count: number): Promise<void> {
  const manager = await nats.jetstreamManager();
  await until(`the bridge to hold ${count} messages`, async () => {
    const { num_ack_pending } = await manager.consumers.info(STREAM, 'bridge');
    return num_ack_pending >= count;
  });
}

import { headers, type NatsConnection } from 'nats';

/** The stream's acknowledgement: the sequence, and whether it had the message already. */
export type Published = { sequence: number; duplicate: boolean };

/** The longest wait for the acknowledgement, in milliseconds. */
const ACK_WITHIN_MS = 5_000;

/**
 * Publishes to the stream and awaits its acknowledgement.
 * @param id the `Nats-Msg-Id`: a second message with it within the stream's window is dropped as a duplicate
 */
export async function publish(
  nats: NatsConnection,
  subject: string,
  id: string,
  payload: Uint8Array,
  extra: Record<string, string> = {},
): Promise<Published> {
  const carried = headers();
  for (const [name, value] of Object.entries(extra)) carried.set(name, value);
  const ack = await nats
    .jetstream()
    .publish(subject, payload, { msgID: id, headers: carried, timeout: ACK_WITHIN_MS });
  return { sequence: ack.seq, duplicate: ack.duplicate };
}

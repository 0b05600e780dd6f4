import { headers, type NatsConnection } from 'nats';

/** The stream has taken the message: its sequence, and whether it had it already. */
export type Published = { sequence: number; duplicate: boolean };

/** How long to wait for the stream's acknowledgement, in milliseconds. */
const ACK_WITHIN_MS = 5_000;

/**
 * Publishes to the stream and awaits its acknowledgement.
 * @param id becomes `Nats-Msg-Id`: a second message with it inside the stream's window is dropped as a duplicate
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

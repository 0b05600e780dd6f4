import { AckPolicy, DiscardPolicy, nanos, RetentionPolicy, StorageType, type NatsConnection } from 'nats';

/** The stream of all events. */
export const STREAM = 'CRM_EVENTS';
/** What it takes in. */
export const SUBJECTS = 'crm.events.>';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

export type StreamSettings = {
  /** A full stream refuses new messages, which then stay in the outbox: nothing old is dropped. */
  maxBytes: number;
};

/**
 * Creates the stream and the bridge's durable consumer, or brings their settings up to date. Limits retention: a
 * work queue forgets the ids of acknowledged messages when the server is killed. Deliveries without limit: the
 * bridge has dead letters of its own.
 */
export async function ensureStream(
  nats: NatsConnection,
  durable: string,
  { maxBytes }: StreamSettings,
): Promise<void> {
  const manager = await nats.jetstreamManager();
  const stream = {
    name: STREAM,
    subjects: [SUBJECTS],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.New,
    max_bytes: maxBytes,
    max_age: nanos(14 * DAY_MS),
    duplicate_window: nanos(2 * MINUTE_MS),
  };
  const exists = await manager.streams.info(STREAM).then(
    () => true,
    (error: { api_error?: { code: number } }) => {
      if (error.api_error?.code === 404) return false;
      throw error;
    },
  );
  await (exists ? manager.streams.update(STREAM, stream) : manager.streams.add(stream));
  await manager.consumers.add(STREAM, {
    durable_name: durable,
    ack_policy: AckPolicy.Explicit,
    ack_wait: nanos(MINUTE_MS),
    max_deliver: -1,
    max_ack_pending: 1000,
  });
}

import { AckPolicy, DiscardPolicy, nanos, RetentionPolicy, StorageType, type NatsConnection } from 'nats';
import { STREAM_MS } from '@crm/workflows/retention';

/** The stream of all events. */
export const STREAM = 'CRM_EVENTS';
/** The name of the durable consumer of the bridge, which turns events into workflows. */
export const BRIDGE = 'bridge';
/** The subjects of the stream. */
const SUBJECTS = 'crm.events.>';

/** A message whose process died is delivered again after this time. */
export const ACK_WAIT_MS = 15_000;

const MINUTE_MS = 60_000;

export type StreamSettings = {
  /** A full stream refuses new messages, which stay in the outbox: no old one is dropped. */
  maxBytes: number;
};

/**
 * Creates the stream and the bridge's durable consumer, or updates their settings. Retention by limits,
 * because a work queue forgets the ids of acknowledged messages when the server is killed. Deliveries are
 * unlimited, because the bridge has its own dead letters.
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
    max_age: nanos(STREAM_MS),
    duplicate_window: nanos(2 * MINUTE_MS),
  };
  const streamExists = await exists(manager.streams.info(STREAM));
  await (streamExists ? manager.streams.update(STREAM, stream) : manager.streams.add(stream));
  const consumer = {
    ack_wait: nanos(ACK_WAIT_MS),
    max_deliver: -1,
    max_ack_pending: 1000,
  };
  const consumerExists = await exists(manager.consumers.info(STREAM, durable));
  if (consumerExists) await manager.consumers.update(STREAM, durable, consumer);
  else {
    const fixed = { durable_name: durable, ack_policy: AckPolicy.Explicit };
    await manager.consumers.add(STREAM, { ...fixed, ...consumer });
  }
}

/** Whether the requested thing exists. */
const exists = (info: Promise<unknown>): Promise<boolean> =>
  info.then(
    () => true,
    (error: { api_error?: { code: number } }) => {
      if (error.api_error?.code === 404) return false;
      throw error;
    },
  );

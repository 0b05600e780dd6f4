import type { JsMsg, NatsConnection } from 'nats';
import { ACK_WAIT_MS, STREAM } from './ensure-stream.ts';

export type Message = JsMsg;

/** A running consumption. */
export type Consumption = {
  /** Takes no more messages, and resolves when the current ones are done. */
  stop(): Promise<void>;
  /** Rejects if the consumer is gone for good; resolves after `stop`. */
  ended: Promise<void>;
};

/**
 * Passes the messages of a durable consumer to `handle`, several at a time. `handle` answers each message
 * with ack, nak or term; without an answer it is delivered again. While `handle` runs, the server is told
 * that the work is in progress.
 */
export async function consume(
  nats: NatsConnection,
  durable: string,
  inFlight: number,
  handle: (message: Message) => Promise<void>,
): Promise<Consumption> {
  const consumer = await nats.jetstream().consumers.get(STREAM, durable);
  const messages = await consumer.consume({ max_messages: inFlight, abort_on_missing_resource: true });
  const running = new Set<Promise<void>>();
  const pump = async () => {
    for await (const message of messages) {
      const heartbeat = setInterval(() => !nats.isClosed() && message.working(), ACK_WAIT_MS / 3);
      const work: Promise<void> = handle(message)
        .catch(() => {}) // the connection closed before the answer: the message comes again
        .finally(() => {
          clearInterval(heartbeat);
          running.delete(work);
        });
      running.add(work);
      if (running.size >= inFlight) await Promise.race(running);
    }
    await Promise.all(running);
  };
  const ended = pump();
  ended.catch(() => {}); // the failure reaches whoever waits for `ended`
  return {
    ended,
    async stop() {
      await messages.close();
      await ended.catch(() => {});
    },
  };
}

import type { JsMsg, NatsConnection } from 'nats';
import { ACK_WAIT_MS, STREAM } from './ensure-stream.ts';

export type Message = JsMsg;

/** A consumption under way. */
export type Consumption = {
  /** Takes no more messages and resolves when those in hand are done with. */
  stop(): Promise<void>;
  /** Rejects when the consumer is gone for good; resolves after `stop`. */
  ended: Promise<void>;
};

/**
 * Feeds the messages of a durable consumer to `handle`, some at a time. `handle` answers for the message: ack, nak
 * or term; a message it answers for in no way is delivered again. While `handle` is at work, the server is told so.
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
        .catch(() => {}) // a connection that closed under the answer: the message comes again
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
  ended.catch(() => {}); // whoever waits for it sees the failure
  return {
    ended,
    async stop() {
      await messages.close();
      await ended.catch(() => {});
    },
  };
}

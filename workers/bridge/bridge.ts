import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import {
  BRIDGE,
  consume,
  NotAnEvent,
  readEvent,
  type Consumption,
  type Message,
  type NatsConnection,
} from '@crm/nats';
import { context, metrics, propagation, ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Client } from '@temporalio/client';
import { inContext } from '@crm/kit';
import { keepDeadLetter } from './dead-letter.ts';
import { startWorkflow } from './start-workflow.ts';

const IN_FLIGHT = 50;
const NAK_DELAY_MS = { first: 500, most: 15_000 };

export type BridgeOptions = { nats: NatsConnection; temporal: Client; db: Db; log: Logger; eager: boolean };

/**
 * Turns each message of the stream into a workflow. A message is acknowledged once its workflow was started,
 * now or before. If it can never become a workflow it is stored as a dead letter. If Temporal, or the
 * database for the dead letter, is away, it is put back for as long as that lasts.
 */
export async function startBridge(options: BridgeOptions): Promise<Consumption> {
  const handled = metrics.getMeter('suivi').createCounter('bridge_messages_total', {
    description: 'Messages by what became of them',
  });
  return await consume(options.nats, BRIDGE, IN_FLIGHT, async (message) => {
    const parent = propagation.extract(ROOT_CONTEXT, message.headers, {
      keys: (headers) => headers?.keys() ?? [],
      get: (headers, key) => headers?.get(key) || undefined,
    });
    const tracer = trace.getTracer('suivi');
    const span = tracer.startSpan(`${message.subject} process`, { kind: SpanKind.CONSUMER }, parent);
    const outcome = await context.with(trace.setSpan(parent, span), () => handle(options, message));
    handled.add(1, { outcome, subject: message.subject });
    span.end();
  });
}

async function handle(options: BridgeOptions, message: Message): Promise<string> {
  const { temporal, db, log, eager } = options;
  try {
    const { eventType, event } = readEvent(message.subject, message.data);
    const { eventId, correlationId } = event;
    return await inContext({ correlationId, eventId }, async () => {
      const started = await startWorkflow(temporal, eventType, event, eager);
      await message.ackAck();
      log.info({ eventType, sequence: message.seq, started }, started ? 'workflow started' : 'duplicate');
      return started ? 'started' : 'duplicate';
    });
  } catch (error) {
    if (!(error instanceof NotAnEvent)) return putBack(log, message, error);
    try {
      await keepDeadLetter(db, message, error.message);
    } catch (databaseError) {
      return putBack(log, message, databaseError);
    }
    message.term(error.message);
    log.error({ subject: message.subject, sequence: message.seq, reason: error.message }, 'dead letter');
    return 'dead letter';
  }
}

function putBack(log: Logger, message: Message, error: unknown): string {
  const attempt = message.info.deliveryCount;
  const delayMs = Math.min(NAK_DELAY_MS.first * 2 ** Math.min(attempt, 10), NAK_DELAY_MS.most);
  message.nak(delayMs);
  log.warn({ err: error, sequence: message.seq, attempt, delayMs }, 'put back');
  return 'put back';
}

import type { Db, Tx } from '@crm/db';
import { listen, type Logger } from '@crm/kit';
import { publish, type NatsConnection } from '@crm/nats';
import { metrics } from '@opentelemetry/api';
import { eventTypes, subjectOf } from '@crm/workflows/events';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const BATCH = 100;
/** How long a row can wait if its notification is lost. */
const POLL_MS = 1_000;
/** How long a row that fails alone makes way for others. */
const STEP_ASIDE_MS = 30_000;
/** The pause after a failure, doubled each time. */
const BACKOFF_MS = { first: 200, most: 5_000 };

type Row = { event_id: string; event_type: string; payload: Uint8Array; headers: Record<string, string> };

/** A running relay. */
export type Relay = { stop(): Promise<void> };

/**
 * Publishes the rows of the outbox that are not published yet, in whatever order they were committed. Rows
 * are locked, so that several relays share the work. A row is marked after the stream's acknowledgement; if
 * the process dies in between, it is published again under the same id.
 */
export function startRelay(db: Db, databaseUrl: string, nats: NatsConnection, log: Logger): Relay {
  const stopping = new AbortController();
  const { signal } = stopping;
  const bell = new EventEmitter();
  let rung = true;
  listen(databaseUrl, 'outbox', signal, () => {
    rung = true;
    bell.emit('rung');
  });
  const published = metrics.getMeter('suivi').createCounter('outbox_published_total', {
    description: 'Events that the stream has acknowledged',
  });
  const loop = async () => {
    let failures = 0;
    while (!signal.aborted) {
      try {
        rung = false;
        const count = await publishBatch(db, nats, log);
        published.add(count);
        failures = 0;
        if (count < BATCH && !rung) await rest(bell, signal);
      } catch (error) {
        const delayMs = Math.min(BACKOFF_MS.first * 2 ** failures++, BACKOFF_MS.most);
        if (!signal.aborted) log.warn({ reason: (error as Error).message, delayMs }, 'outbox not published');
        await delay(delayMs, undefined, { signal }).catch(() => {});
      }
    }
  };
  const ended = loop();
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

/** Waits for a notification, the next poll, or the end. */
async function rest(bell: EventEmitter, signal: AbortSignal): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
  await once(bell, 'rung', { signal: until }).catch(() => {});
}

/**
 * Publishes some rows and marks those that were acknowledged. A row that fails while others succeed makes way
 * for a while.
 * @throws if all fail: the stream is away, and every row keeps its place
 */
async function publishBatch(db: Db, nats: NatsConnection, log: Logger): Promise<number> {
  return await db.$transaction(async (tx: Tx) => {
    const rows = await tx.$queryRaw<Row[]>`
      SELECT event_id::text, event_type, payload, headers FROM events.outbox
      WHERE published_at IS NULL AND (retry_at IS NULL OR retry_at < now())
      ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
    const acknowledged: string[] = [];
    const failed: string[] = [];
    let away: Error | undefined;
    const attempts = rows.map(async (row) => {
      try {
        await publishRow(nats, row, log);
        acknowledged.push(row.event_id);
      } catch (error) {
        failed.push(row.event_id);
        if (!(error instanceof UnknownEvent)) away ??= error as Error;
        log.warn({ eventId: row.event_id, reason: (error as Error).message }, 'event not published');
      }
    });
    await Promise.all(attempts);
    if (away && acknowledged.length === 0) throw away;
    const at = Date.now();
    await tx.outbox.updateMany({
      where: { eventId: { in: acknowledged } },
      data: { publishedAt: new Date(at) },
    });
    await tx.outbox.updateMany({
      where: { eventId: { in: failed } },
      data: { retryAt: new Date(at + STEP_ASIDE_MS) },
    });
    return acknowledged.length;
  });
}

/** This version does not know the event of a row: a newer version wrote it, or it is an error. */
class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
}

async function publishRow(nats: NatsConnection, row: Row, log: Logger): Promise<void> {
  const eventType = eventTypes.find((known) => known === row.event_type);
  if (!eventType) throw new UnknownEvent(`no event is called ${row.event_type}`);
  const subject = subjectOf(eventType);
  const { sequence, duplicate } = await publish(nats, subject, row.event_id, row.payload, row.headers);
  log.info({ eventId: row.event_id, subject, sequence, duplicate }, 'published');
}

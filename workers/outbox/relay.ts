import type { Db, Tx } from '@crm/db';
import { listen, type Logger } from '@crm/kit';
import { publish, type NatsConnection } from '@crm/nats';
import { metrics } from '@opentelemetry/api';
import { subjectOf, type EventType } from '@crm/workflows/events';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const BATCH = 100;
/** The notification is a hint that can be lost; this is how long a row can then wait. */
const POLL_MS = 1_000;
/** After a failure, doubling. */
const BACKOFF_MS = { first: 200, most: 5_000 };

type Row = { event_id: string; event_type: string; payload: Uint8Array; headers: Record<string, string> };

/** A relay at work. */
export type Relay = { stop(): Promise<void> };

/**
 * Publishes what the outbox holds: rows not yet published, whoever wrote them and in whatever order they were
 * committed, locked so that several relays share the work. A row is marked when the stream has acknowledged it; a
 * crash in between publishes it again under the same id.
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

/** Waits for the bell, the poll's turn, or the end. */
async function rest(bell: EventEmitter, signal: AbortSignal): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(POLL_MS)]);
  await once(bell, 'rung', { signal: until }).catch(() => {});
}

/** Publishes some rows and marks those that were acknowledged. @throws when one of them was not */
async function publishBatch(db: Db, nats: NatsConnection, log: Logger): Promise<number> {
  return await db.$transaction(async (tx: Tx) => {
    const rows = await tx.$queryRaw<Row[]>`
      SELECT event_id::text, event_type, payload, headers FROM events.outbox
      WHERE published_at IS NULL ORDER BY created_at LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`;
    if (rows.length === 0) return 0;
    const sent = await Promise.allSettled(rows.map((row) => publishRow(nats, row, log)));
    const acknowledged = rows
      .filter((_, index) => sent[index]?.status === 'fulfilled')
      .map((row) => row.event_id);
    await tx.outbox.updateMany({
      where: { eventId: { in: acknowledged } },
      data: { publishedAt: new Date() },
    });
    const failed = sent.find((result) => result.status === 'rejected');
    if (failed && acknowledged.length === 0) throw failed.reason;
    return acknowledged.length;
  });
}

async function publishRow(nats: NatsConnection, row: Row, log: Logger): Promise<void> {
  const subject = subjectOf(row.event_type as EventType);
  const { sequence, duplicate } = await publish(nats, subject, row.event_id, row.payload, row.headers);
  log.info({ event_id: row.event_id, subject, sequence, duplicate }, 'published');
}

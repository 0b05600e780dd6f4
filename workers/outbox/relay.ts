import type { Db, Tx } from '@crm/db';
import { listen, type Logger } from '@crm/kit';
import { publish, type NatsConnection } from '@crm/nats';
import { metrics } from '@opentelemetry/api';
import { eventTypes, subjectOf } from '@crm/workflows/events';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const BATCH = 100;
/** The notification is a hint that can be lost; this is how long a row can then wait. */
const POLL_MS = 1_000;
/** For this long a row that failed alone lets others pass. */
const STEP_ASIDE_MS = 30_000;
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

/**
 * Publishes some rows and marks those that were acknowledged; one that was not, while others were, steps aside for
 * a while and hides nobody.
 * @throws when none was: the stream is away, and every row keeps its place
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

/** A row whose event this version does not know: a newer one wrote it, or nobody should have. */
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

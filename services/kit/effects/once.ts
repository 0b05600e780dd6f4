import { createHash, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import PQueue from 'p-queue';
import type { Db, Tx } from '@crm/db';
import { EVENT_EXPIRES_AFTER_MS, EXPIRES_DAYS } from '@crm/workflows/retention';
import type { Identity } from '../auth/index.ts';
import { canonicalBytes } from './canonical-bytes.ts';
import type { Repeat } from '../rpc/call-context.ts';
import type { DecodedMessage } from '../rpc/read-message.ts';
import { conflict, failedPrecondition, invalid } from '../rpc/errors.ts';
import { findProcessed, markProcessed } from './processed-events.ts';

/** The idempotency key of a call, from its metadata. */
export type IdempotencyKey =
  /** A key chosen by the caller, valid for this caller and method. */
  | { kind: 'caller'; caller: string; method: string; key: string; digest: () => Promise<Uint8Array> }
  /** A handler's key: the event, the handler's name, and the time of the event. */
  | { kind: 'event'; eventId: string; eventType: string; handler: string; timestamp: Date };

const EVENT_KEY = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/([a-z-]{1,64})$/;

/**
 * Reads the key of a call from its metadata: `idempotency-key`; for a handler also `event-type` and
 * `event-timestamp` (ISO 8601), with a key of the form `<event id>/<handler>`. A handler's key guards an
 * event for everybody, and event ids can be computed, so only services may use one: from anyone else it is an
 * ordinary caller's key.
 * @param sensitive the request has a field that its .proto marks `debug_redact`
 */
export function idempotencyKey(
  get: (name: string) => string | undefined,
  caller: Identity,
  method: string,
  request: DecodedMessage,
  sensitive = false,
): IdempotencyKey | undefined {
  const key = get('idempotency-key');
  if (key === undefined) return undefined;
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalid('idempotency-key', 'must be 1 to 255 visible ASCII characters');
  }
  const [, eventId, handler] = EVENT_KEY.exec(key) ?? [];
  const eventType = get('event-type');
  const timestamp = new Date(get('event-timestamp') ?? NaN);
  if (caller.service && eventId && handler && eventType && !Number.isNaN(timestamp.getTime())) {
    return { kind: 'event', eventId, eventType, handler, timestamp };
  }
  const bytes = canonicalBytes(request);
  return {
    kind: 'caller',
    caller: `${caller.issuer} ${caller.sub}`,
    method,
    key,
    digest: () =>
      sensitive
        ? slowDigest(bytes, `${method} ${key}`)
        : Promise.resolve(createHash('sha256').update(bytes).digest()),
  };
}

/** The key with its scope, as 64 characters. */
export const repeatIdOf = (key: IdempotencyKey): string =>
  createHash('sha256')
    .update(
      key.kind === 'caller' ? `${key.caller} ${key.method} ${key.key}` : `${key.eventId}/${key.handler}`,
    )
    .digest('hex');

/**
 * The digest of a request with bank details. With a fast digest all possible IBANs could be tried, because
 * much of an IBAN is known. About 50 ms and 16 MiB (RFC 7914), in one of Node's four threads.
 */
const slowDigest = (request: Uint8Array, salt: string): Promise<Buffer> =>
  slowDigests.add(() => scryptAsync(request, salt, 32) as Promise<Buffer>);
const scryptAsync = promisify<Uint8Array, string, number, unknown>(scrypt);
/** Two at a time, so that files and names of hosts, which need the same threads, do not wait behind hundreds. */
const slowDigests = new PQueue({ concurrency: 2 });

/** How an answer is stored for a caller's repeats. */
export type Codec<R> = { encode: (result: R) => Uint8Array; decode: (bytes: Uint8Array) => R };

/**
 * Runs `effect` in one transaction and, if there is a key, once for that key. The key's row is inserted first
 * in the same transaction: of concurrent repeats one inserts, and the others wait, conflict, and return the
 * first result. An effect that throws leaves no key.
 */
export async function once<R>(
  db: Db,
  key: IdempotencyKey | undefined,
  codec: Codec<R>,
  effect: (tx: Tx) => Promise<R>,
  repeat?: Repeat<R>,
): Promise<R> {
  if (!key) return await db.$transaction(effect);
  if (key.kind === 'event') return await oncePerEvent(db, key, effect, repeat);
  return await oncePerCaller(db, key, codec, effect);
}

/** Whether a key was used by a call that has been answered or soon will be. */
export async function isRepeat(db: Db, key: IdempotencyKey | undefined): Promise<boolean> {
  if (!key) return false;
  if (key.kind === 'event') return (await findProcessed(db, key.eventId, key.handler)) !== undefined;
  const { caller, method, key: own } = key;
  const used = await db.idempotencyKey.findUnique({
    where: { caller_method_key: { caller, method, key: own } },
    select: { key: true },
  });
  return used !== null;
}

async function oncePerEvent<R>(
  db: Db,
  key: IdempotencyKey & { kind: 'event' },
  effect: (tx: Tx) => Promise<R>,
  repeat?: Repeat<R>,
): Promise<R> {
  const { eventId, eventType, handler } = key;
  if (Date.now() - key.timestamp.getTime() > EVENT_EXPIRES_AFTER_MS) {
    throw failedPrecondition(
      'EVENT_EXPIRED',
      `event_expired: event ${eventId} is older than ${EXPIRES_DAYS} days`,
    );
  }
  return await db.$transaction(async (tx) => {
    if (await markProcessed(tx, eventId, eventType, handler)) {
      const result = await effect(tx);
      const resultId = repeat ? repeat.idOf(result) : (result as { id?: string }).id;
      await tx.processedEvent.update({
        where: { eventId_handler: { eventId, handler } },
        data: { resultId: resultId ?? null },
      });
      return result;
    }
    const { resultId } = (await findProcessed(tx, eventId, handler)) ?? {};
    if (!repeat || !resultId) throw conflict(`${handler} has had its effect for event ${eventId}`);
    return await repeat.read(tx, resultId);
  });
}

async function oncePerCaller<R>(
  db: Db,
  { caller, method, key, digest }: IdempotencyKey & { kind: 'caller' },
  codec: Codec<R>,
  effect: (tx: Tx) => Promise<R>,
): Promise<R> {
  const id = { caller, method, key };
  const request = await digest();
  return await db.$transaction(async (tx) => {
    const inserted = await tx.$executeRaw`
      INSERT INTO events.idempotency_keys (caller, method, key, request)
      VALUES (${caller}, ${method}, ${key}, ${request}) ON CONFLICT DO NOTHING`;
    if (inserted === 0) {
      const first = await tx.idempotencyKey.findUniqueOrThrow({ where: { caller_method_key: id } });
      if (Buffer.compare(first.request, request) !== 0) {
        throw conflict(`idempotency-key ${key} was used for another request`);
      }
      return codec.decode(first.response ?? new Uint8Array());
    }
    const result = await effect(tx);
    await tx.idempotencyKey.update({
      where: { caller_method_key: id },
      data: { response: Buffer.from(codec.encode(result)) },
    });
    return result;
  });
}

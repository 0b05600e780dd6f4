import {
  status,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type MethodDefinition,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import type { Db } from '@crm/db';
import { once as onceEvent } from 'node:events';
import { ANONYMOUS, currentCaller } from '../auth/index.ts';
import type { Call } from './call-context.ts';
import { currentWork } from './work-context.ts';
import { RpcError, toStatus } from './errors.ts';
import type { Logger } from '../process/log.ts';
import { first } from './metadata.ts';
import { idempotencyKey, isRepeat, once, repeatIdOf } from '../effects/once.ts';
import { nameOrganisations, type OrganisationNamer } from './organisation-namer.ts';
import { readMessage } from './read-message.ts';
import { descriptors } from './validate.ts';

/** The deadline of a call without one, so that nothing waits forever. */
export const DEFAULT_DEADLINE_MS = 30_000;

/** What the handlers of a process share. */
export type HandlerDeps = {
  db: Db;
  log: Logger;
  /** Omitted: organisations keep the names that they are called by. */
  organisationName?: OrganisationNamer | undefined;
};
type Bytes = Buffer;
type Definition = MethodDefinition<unknown, unknown>;
type Method = (request: never, call: Call) => Promise<unknown> | AsyncIterable<unknown>;

/** Creates grpc-js's handler of a unary method: validates, decodes, runs, and answers or refuses. */
export function handleUnary(
  deps: HandlerDeps,
  definition: Definition,
  method: Method,
): handleUnaryCall<Bytes, unknown> {
  return (call, callback) => {
    const { signal, done } = lifetime(call, DEFAULT_DEADLINE_MS);
    const answer = async () => {
      const prepared = await prepare(deps, definition, call, signal);
      return await Promise.race([
        method(prepared.request, prepared.call) as Promise<unknown>,
        rejectOn(signal),
      ]);
    };
    void answer()
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(explain(deps.log, definition.path, error)),
      )
      .finally(done);
  };
}

/**
 * Creates the handler of a method that streams its answers, at the caller's speed. The stream ends when the
 * caller's token expires.
 */
export function handleServerStream(
  deps: HandlerDeps,
  definition: Definition,
  method: Method,
): handleServerStreamingCall<Bytes, unknown> {
  return (call) => {
    const { signal, done } = lifetime(call, undefined, currentCaller()?.identity.expiresAt);
    const stream = async () => {
      const prepared = await prepare(deps, definition, call, signal);
      for await (const answer of method(prepared.request, prepared.call) as AsyncIterable<unknown>) {
        signal.throwIfAborted();
        if (!call.write(answer)) await onceEvent(call, 'drain', { signal });
      }
      signal.throwIfAborted();
      call.end();
    };
    void stream()
      .catch((error: unknown) => {
        // Node's AbortError does not say why
        const why: unknown = signal.aborted ? signal.reason : error;
        if (!call.cancelled) call.emit('error', explain(deps.log, definition.path, why));
      })
      .finally(done);
  };
}

async function prepare(
  deps: HandlerDeps,
  definition: Definition,
  call: { request: Bytes; metadata: Metadata },
  signal: AbortSignal,
): Promise<{ request: never; call: Call }> {
  const { path, responseSerialize, responseDeserialize } = definition;
  const [, service, name] = path.split('/');
  const method = descriptors.getService(service!)!.methods.find((candidate) => candidate.name === name)!;
  const request = readMessage(method.input, call.request);
  const caller = (currentCaller() ?? ANONYMOUS).identity;
  const sensitive = method.input.fields.some(({ proto }) => proto.options?.debugRedact);
  const key = idempotencyKey((header) => first(call.metadata, header), caller, path, request, sensitive);
  if (deps.organisationName) await nameOrganisations(method.input, request.value, deps.organisationName);
  let repeats: Promise<boolean> | undefined;
  const codec = {
    encode: responseSerialize,
    decode: (bytes: Uint8Array) => responseDeserialize(Buffer.from(bytes)),
  };
  return {
    request: request.value as never,
    call: {
      caller,
      signal,
      repeatId: key && repeatIdOf(key),
      isRepeat: () => (repeats ??= isRepeat(deps.db, key)),
      once: (effect, repeat) => once(deps.db, key, codec as never, effect, repeat),
    },
  };
}

/**
 * A signal that aborts when the caller goes, the deadline passes, or the caller's token expires.
 * @param usual the default deadline in milliseconds; omitted: none
 * @param expiresAt of the token in milliseconds since the epoch; omitted: the token is not checked again
 */
function lifetime(
  call: ServerUnaryCall<Bytes, unknown> | ServerWritableStream<Bytes, unknown>,
  usual?: number,
  expiresAt?: number,
): { signal: AbortSignal; done: () => void } {
  const controller = new AbortController();
  const abort = (code: status, words: string) => () => controller.abort(new RpcError(code, words));
  call.once('cancelled', abort(status.CANCELLED, 'cancelled by the caller'));
  const deadline = currentWork()?.deadline?.getTime() ?? (usual && Date.now() + usual);
  const timers = [
    at(deadline, abort(status.DEADLINE_EXCEEDED, 'deadline exceeded')),
    at(expiresAt, abort(status.UNAUTHENTICATED, 'the token has expired: call again with another one')),
  ];
  return { signal: controller.signal, done: () => timers.forEach(clearTimeout) };
}

/** The longest timer of Node, about 25 days; connections do not live that long. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

const at = (instant: number | undefined, then: () => void): NodeJS.Timeout | undefined =>
  instant === undefined
    ? undefined
    : setTimeout(then, Math.min(LONGEST_TIMER_MS, Math.max(0, instant - Date.now())));

const rejectOn = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error);
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

function explain(log: Logger, path: string, error: unknown) {
  const told = toStatus(error);
  if (told.code === status.INTERNAL) log.error({ err: error, method: path }, 'unexpected error');
  return told;
}

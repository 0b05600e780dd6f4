import {
  Client,
  credentials,
  Metadata,
  status,
  type CallOptions,
  type MethodDefinition,
  type ServiceDefinition,
  type ServiceError,
} from '@grpc/grpc-js';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { currentWork } from './context.ts';
import { traceContext } from './metadata.ts';

/** A call takes this long at most unless it, or the work it is part of, says less. */
const DEFAULT_DEADLINE_MS = 10_000;

type DeepPartial<T> = T extends Date | Uint8Array | bigint
  ? T
  : T extends (infer U)[]
    ? DeepPartial<U>[]
    : T extends object
      ? { [K in keyof T]?: DeepPartial<T[K]> | undefined }
      : T;

/** What one call may say beside its request. */
export type CallSettings = {
  deadlineMs?: number;
  /** Metadata, `idempotency-key` for example. */
  metadata?: Record<string, string>;
};

/** A function for each unary method of a service; requests may leave fields out. */
export type ClientOf<D> = {
  [K in keyof D as D[K] extends { responseStream: false } ? K : never]: D[K] extends {
    requestSerialize: (value: infer Q) => Buffer;
    responseDeserialize: (value: Buffer) => infer R;
  }
    ? (request: DeepPartial<Q>, settings?: CallSettings) => Promise<R>
    : never;
};

/** A client and how to close its connection. */
export type Connected<D> = ClientOf<D> & { close(): void };

/**
 * A client of another service: every call carries a token, a deadline that never outlives the caller's, the trace
 * and the correlation id. Rejects with grpc-js's ServiceError.
 * @param token the bearer token of the moment: the current caller's own, or a service token
 */
export function connectTo<D extends ServiceDefinition>(
  definition: D,
  address: string,
  token: () => Promise<string | undefined>,
): Connected<D> {
  const client = new Client(address, credentials.createInsecure(), {
    // a service that comes back is found within seconds
    'grpc.max_reconnect_backoff_ms': 3_000,
    'grpc.initial_reconnect_backoff_ms': 200,
  });
  const methods = Object.entries(definition)
    .filter(([, method]) => !method.requestStream && !method.responseStream)
    .map(([name, method]) => [
      name,
      (request: unknown, settings?: CallSettings) => unary(client, method, request, token, settings),
    ]);
  return { ...Object.fromEntries(methods), close: () => client.close() } as Connected<D>;
}

async function unary(
  client: Client,
  method: MethodDefinition<unknown, unknown>,
  request: unknown,
  token: () => Promise<string | undefined>,
  { deadlineMs = DEFAULT_DEADLINE_MS, metadata: extra = {} }: CallSettings = {},
): Promise<unknown> {
  const span = trace.getTracer('suivi').startSpan(method.path.slice(1), { kind: SpanKind.CLIENT });
  const metadata = new Metadata();
  const bearer = await token();
  if (bearer) metadata.set('authorization', `Bearer ${bearer}`);
  const work = currentWork();
  if (work) metadata.set('correlation-id', work.correlationId);
  if (work?.eventId) metadata.set('event-id', work.eventId);
  for (const [name, value] of Object.entries(extra)) metadata.set(name, value);
  propagation.inject(trace.setSpan(context.active(), span), metadata, traceContext);
  const ends = Math.min(Date.now() + deadlineMs, work?.deadline?.getTime() ?? Infinity);
  const options: CallOptions = { deadline: ends };
  return await new Promise((resolve, reject) => {
    const answered = (error: ServiceError | null, response?: unknown) => {
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: status[error.code] });
      span.end();
      if (error) reject(error);
      else resolve(response);
    };
    client.makeUnaryRequest(
      method.path,
      method.requestSerialize,
      method.responseDeserialize,
      complete(method, request),
      metadata,
      options,
      answered,
    );
  });
}

/** The request with what was left out at its zero value, as proto3 has it. */
function complete(method: MethodDefinition<unknown, unknown>, request: unknown): unknown {
  return { ...(method.requestDeserialize(Buffer.alloc(0)) as object), ...(request as object) };
}

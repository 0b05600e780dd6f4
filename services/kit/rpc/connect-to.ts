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
import { currentWork } from './work-context.ts';
import { traceContext } from './metadata.ts';

/** The longest duration of a call, unless it, or the work it belongs to, has a shorter deadline. */
const DEFAULT_DEADLINE_MS = 10_000;

/** Fields of a request are optional; a message within it is made with its `fromPartial`. */
type Request<Q> = { [K in keyof Q]?: Q[K] | undefined };

/** The settings of one call. */
export type CallSettings = {
  deadlineMs?: number;
  /** Metadata, for example `idempotency-key`. */
  metadata?: Record<string, string>;
};

/** A function for each method: a promise for a unary one, an async iterable for a streaming one. */
type ClientOf<D> = {
  [K in keyof D]: D[K] extends {
    requestSerialize: (value: infer Q) => Buffer;
    responseDeserialize: (value: Buffer) => infer R;
    responseStream: infer S;
  }
    ? (request: Request<Q>, settings?: CallSettings) => S extends true ? AsyncIterable<R> : Promise<R>
    : never;
};

/** A client, and how to close its connection. */
export type Connected<D> = ClientOf<D> & { close(): void };

/**
 * Creates a client of another service. Every call has a token, a deadline within the caller's, the trace and
 * the correlation id. Calls reject with grpc-js's ServiceError.
 * @param token returns the bearer token to use: the current caller's own, or a service token
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
  const methods = Object.entries(definition).map(([name, method]) => {
    const answer = method.responseStream ? streamed : unary;
    return [
      name,
      (request: unknown, settings?: CallSettings) => answer(client, method, request, token, settings),
    ];
  });
  return { ...Object.fromEntries(methods), close: () => client.close() } as Connected<D>;
}

type Definition = MethodDefinition<unknown, unknown>;
type Token = () => Promise<string | undefined>;

async function unary(
  client: Client,
  method: Definition,
  request: unknown,
  token: Token,
  settings?: CallSettings,
): Promise<unknown> {
  const { metadata, options, end } = await prepare(method, token, settings);
  return await new Promise((resolve, reject) => {
    const answered = (error: ServiceError | null, response?: unknown) => {
      end(error);
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

/** The call ends when the loop over the answers ends. */
async function* streamed(
  client: Client,
  method: Definition,
  request: unknown,
  token: Token,
  settings?: CallSettings,
): AsyncIterable<unknown> {
  const { metadata, options, end } = await prepare(method, token, settings);
  const answers = client.makeServerStreamRequest(
    method.path,
    method.requestSerialize,
    method.responseDeserialize,
    complete(method, request),
    metadata,
    options,
  );
  // leaving the loop cancels the call, which emits an error that nobody waits for
  answers.on('error', () => {});
  let failure: ServiceError | null = null;
  try {
    yield* answers;
  } catch (error) {
    failure = error as ServiceError;
    throw error;
  } finally {
    answers.cancel();
    end(failure);
  }
}

/** Prepares what every call has, and a span that ends with it. */
async function prepare(
  method: Definition,
  token: Token,
  { deadlineMs = DEFAULT_DEADLINE_MS, metadata: extra = {} }: CallSettings = {},
): Promise<{ metadata: Metadata; options: CallOptions; end: (error: ServiceError | null) => void }> {
  const span = trace.getTracer('suivi').startSpan(method.path.slice(1), { kind: SpanKind.CLIENT });
  const metadata = new Metadata();
  const bearer = await token();
  if (bearer) metadata.set('authorization', `Bearer ${bearer}`);
  const work = currentWork();
  if (work) metadata.set('correlation-id', work.correlationId);
  if (work?.eventId) metadata.set('event-id', work.eventId);
  for (const [name, value] of Object.entries(extra)) metadata.set(name, value);
  propagation.inject(trace.setSpan(context.active(), span), metadata, traceContext);
  return {
    metadata,
    options: { deadline: Math.min(Date.now() + deadlineMs, work?.deadline?.getTime() ?? Infinity) },
    end(error) {
      if (error) span.setStatus({ code: SpanStatusCode.ERROR, message: status[error.code] });
      span.end();
    },
  };
}

/**
 * Fills omitted fields with their zero values, as in proto3. A field that is `undefined` is omitted too:
 * ts-proto would write it as the text "undefined".
 */
export function complete(method: Pick<Definition, 'requestDeserialize'>, request: unknown): unknown {
  const given = Object.entries(request as object).filter(([, value]) => value !== undefined);
  return { ...(method.requestDeserialize(Buffer.alloc(0)) as object), ...Object.fromEntries(given) };
}

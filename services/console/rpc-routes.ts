import { descriptors, type Process } from '@crm/kit';
import type { DescMethod } from '@bufbuild/protobuf';
import {
  Code,
  ConnectError,
  createContextKey,
  type CallOptions,
  type ConnectRouter,
  type HandlerContext,
} from '@connectrpc/connect';
import { context as traceContext, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { clientOf } from './client-of.ts';
import { RPCS } from './rpcs-for-people.ts';
import type { Session, Sessions } from './sessions.ts';
import { SignInOver } from './sign-in.ts';

/** The session of a call; undefined: nobody has signed in. */
export const SESSION = createContextKey<Session | undefined>(undefined);

/** The longest duration of a unary call: a page does not wait any longer. */
const DEADLINE_MS = 30_000;
/** How often a stream looks whether its session goes on. */
const LOOK_EVERY_MS = 2_000;

type Unary = (request: unknown, options: CallOptions) => Promise<unknown>;
type Streaming = (request: unknown, options: CallOptions) => AsyncIterable<unknown>;

/**
 * The RPCs for people: Connect to the browser, gRPC to the services, with the token of the person, so that the authors
 * in histories are true.
 */
export function rpcRoutes(
  { addressOf }: Pick<Process, 'addressOf'>,
  sessions: Pick<Sessions, 'goesOn'>,
): (router: ConnectRouter) => void {
  return (router) => {
    for (const [typeName, { people }] of Object.entries(RPCS)) {
      const service = descriptors.getService(typeName);
      if (!service) throw new Error(`the contract has no service ${typeName}`);
      const client = clientOf(service, { addressOf });
      for (const method of service.methods.filter(({ name }) => people.includes(name))) {
        const call = client[method.localName];
        const handler =
          method.methodKind === 'unary'
            ? unary(method, call as Unary)
            : streaming(method, call as Streaming, sessions);
        router.rpc(method, handler as never);
      }
    }
  };
}

const unary = (method: DescMethod, call: Unary) => async (request: unknown, context: HandlerContext) => {
  const { headers, end, fail } = await begin(method, context);
  const attempt = () =>
    call(request, { headers, signal: context.signal, timeoutMs: context.timeoutMs() ?? DEADLINE_MS });
  try {
    const answer = await attempt().catch((error: unknown) => {
      if (!isUnprocessed(error)) throw error;
      return attempt();
    });
    end();
    return answer;
  } catch (error) {
    throw fail(error);
  }
};

const streaming = (method: DescMethod, call: Streaming, sessions: Pick<Sessions, 'goesOn'>) =>
  async function* (request: unknown, context: HandlerContext) {
    const { headers, end, fail } = await begin(method, context);
    const stop = new AbortController();
    const left = () => stop.abort(context.signal.reason);
    context.signal.addEventListener('abort', left, { once: true });
    const { id } = context.values.get(SESSION)!;
    const look = setInterval(() => {
      sessions.goesOn(id).then(
        (goesOn) => goesOn || stop.abort(signIn()),
        // the database is away: nobody can say that it is over
        () => {},
      );
    }, LOOK_EVERY_MS);
    try {
      yield* call(request, { headers, signal: stop.signal });
      end();
    } catch (error) {
      const { reason } = stop.signal as { reason: unknown };
      throw fail(reason instanceof ConnectError ? reason : error);
    } finally {
      clearInterval(look);
      context.signal.removeEventListener('abort', left);
    }
  };

const signIn = (): ConnectError => new ConnectError('sign in', Code.Unauthenticated);

/** The headers of the call to the service, and a span that ends with it. */
async function begin(
  method: DescMethod,
  { values, requestHeader }: HandlerContext,
): Promise<{ headers: Headers; end: () => void; fail: (error: unknown) => ConnectError }> {
  const session = values.get(SESSION);
  if (!session) throw signIn();
  const token = await session.token().catch((error: unknown) => {
    if (error instanceof SignInOver) throw signIn();
    throw new ConnectError('sign-in is not available', Code.Unavailable, undefined, undefined, error);
  });
  const correlationId = randomUUID();
  const headers = new Headers({ authorization: `Bearer ${token}`, 'correlation-id': correlationId });
  const key = requestHeader.get('idempotency-key');
  if (key) headers.set('idempotency-key', key);
  const name = `${method.parent.typeName}/${method.name}`;
  const span = trace.getTracer('suivi').startSpan(name, { kind: SpanKind.CLIENT });
  propagation.inject(trace.setSpan(traceContext.active(), span), headers, {
    set: (carrier, key, value) => carrier.set(key, value),
  });
  return {
    headers,
    end: () => span.end(),
    fail(error) {
      const refusal = told(error, correlationId);
      span.setStatus({ code: SpanStatusCode.ERROR, message: Code[refusal.code] });
      span.end();
      return refusal;
    },
  };
}

/** A connection that closes, because it is old, refused the call before anybody read it (RFC 9113, 8.7): safe to repeat. */
const isUnprocessed = (error: unknown): boolean =>
  ConnectError.from(error).message.includes('NGHTTP2_REFUSED_STREAM');

/**
 * What the browser is told: code, message and details of the service, under which id its log has the call, and none of its
 * headers. Of a service that is away the message is ours: theirs has addresses. Calls that an old connection took along
 * end as `canceled`; for the browser that is a service that is away for a moment.
 */
function told(error: unknown, correlationId: string): ConnectError {
  const { code, rawMessage, details } = ConnectError.from(error);
  const isAway = code === Code.Unavailable || code === Code.Canceled;
  const ownWords = isAway && details.length === 0;
  const refusal = new ConnectError(
    ownWords ? 'the service is not available' : rawMessage,
    isAway ? Code.Unavailable : code,
    { 'correlation-id': correlationId },
    undefined,
    error,
  );
  refusal.details = details;
  return refusal;
}

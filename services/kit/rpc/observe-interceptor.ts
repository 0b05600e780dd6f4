import {
  ResponderBuilder,
  ServerInterceptingCall,
  ServerListenerBuilder,
  status,
  type ServerInterceptor,
} from '@grpc/grpc-js';
import {
  context,
  metrics,
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
} from '@opentelemetry/api';
import { randomUUID } from 'node:crypto';
import { inContext, type WorkContext } from './work-context.ts';
import type { Logger } from '../process/log.ts';
import { first, traceContext } from './metadata.ts';
import { isReference } from './reference.ts';

const tracer = trace.getTracer('suivi');

/**
 * Observes each call from its first byte to its status, including refused ones: continues the caller's trace,
 * passes on the correlation id, logs one line, and counts. It is nearest to the wire, so that it misses
 * nothing.
 */
export function observeInterceptor(log: Logger): ServerInterceptor {
  const duration = metrics.getMeter('suivi').createHistogram('grpc_server_duration_seconds', {
    description: 'Time from the metadata of a call to its status',
    advice: { explicitBucketBoundaries: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10] },
  });
  return (method, call) => {
    const startedAt = performance.now();
    let traced: Context = ROOT_CONTEXT;
    let work: WorkContext = { correlationId: '' };
    const run = <T>(step: () => T): T => context.with(traced, () => inContext(work, step));
    let finished = false;
    const finish = (code: status) => {
      if (finished) return;
      finished = true;
      const seconds = (performance.now() - startedAt) / 1000;
      duration.record(seconds, { method: method.path, code: status[code] });
      const span = trace.getSpan(traced);
      if (code !== status.OK) span?.setStatus({ code: SpanStatusCode.ERROR, message: status[code] });
      span?.end();
      const level = method.path.startsWith('/grpc.') ? 'debug' : code === status.INTERNAL ? 'error' : 'info';
      run(() =>
        log[level]({ method: method.path, code: status[code], ms: Math.round(seconds * 1000) }, 'call'),
      );
    };
    const listener = new ServerListenerBuilder()
      .withOnReceiveMetadata((metadata, next) => {
        const parent = propagation.extract(ROOT_CONTEXT, metadata, traceContext);
        const span = tracer.startSpan(method.path.slice(1), { kind: SpanKind.SERVER }, parent);
        traced = trace.setSpan(parent, span);
        const deadline = Number(call.getDeadline());
        work = {
          correlationId: wellFormed(first(metadata, 'correlation-id')) ?? randomUUID(),
          eventId: wellFormed(first(metadata, 'event-id')),
          deadline: Number.isFinite(deadline) ? new Date(deadline) : undefined,
        };
        run(() => next(metadata));
      })
      .withOnReceiveMessage((message, next) => run(() => next(message)))
      .withOnReceiveHalfClose((next) => run(next))
      .withOnCancel(() => finish(status.CANCELLED))
      .build();
    return new ServerInterceptingCall(
      call,
      new ResponderBuilder()
        .withStart((next) => next(listener))
        .withSendStatus((sent, next) => {
          finish(sent.code);
          next(sent);
        })
        .build(),
    );
  };
}

/** A caller's id if it is one. Anything else would be free text in logs and in the services that it is passed on to. */
const wellFormed = (given: string | undefined): string | undefined =>
  given && isReference(given) ? given : undefined;

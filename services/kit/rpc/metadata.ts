import type { Metadata } from '@grpc/grpc-js';
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** The first value of a metadata key. */
export const first = (metadata: Metadata, key: string): string | undefined =>
  metadata.get(key)[0]?.toString();

/**
 * Lets OpenTelemetry read and write a trace's context in gRPC metadata. Of a caller only the ids of the trace are read:
 * `tracestate` and `baggage` are free text, which would be passed on to every service, the outbox, NATS and Temporal.
 */
export const traceContext: TextMapGetter<Metadata> & TextMapSetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => (key === 'traceparent' ? first(metadata, key) : undefined),
  set: (metadata, key, value) => metadata.set(key, value),
};

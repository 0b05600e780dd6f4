import type { Metadata } from '@grpc/grpc-js';
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** The first value of a metadata key. */
export const first = (metadata: Metadata, key: string): string | undefined =>
  metadata.get(key)[0]?.toString();

/** gRPC metadata as OpenTelemetry reads and writes a trace's context. */
export const traceContext: TextMapGetter<Metadata> & TextMapSetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => first(metadata, key),
  set: (metadata, key, value) => metadata.set(key, value),
};

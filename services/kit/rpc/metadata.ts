import type { Metadata } from '@grpc/grpc-js';
import type { TextMapGetter, TextMapSetter } from '@opentelemetry/api';

/** The first value of a metadata key. */
export const first = (metadata: Metadata, key: string): string | undefined =>
  metadata.get(key)[0]?.toString();

/** Lets OpenTelemetry read and write a trace's context in gRPC metadata. */
export const traceContext: TextMapGetter<Metadata> & TextMapSetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, key) => first(metadata, key),
  set: (metadata, key, value) => metadata.set(key, value),
};

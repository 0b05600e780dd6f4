import type { ServiceDefinition } from '@grpc/grpc-js';
import type { Call } from './call-context.ts';

/** The request and the answer of a method, from ts-proto's definition. */
type Request<M> = M extends { requestSerialize: (value: infer R) => Buffer } ? R : never;
type Response<M> = M extends { responseDeserialize: (value: Buffer) => infer R } ? R : never;

/** A function for each method: a promise for a unary one, an async iterable for a streaming one. */
export type Methods<D> = {
  [K in keyof D]: D[K] extends { responseStream: true }
    ? (request: Request<D[K]>, call: Call) => AsyncIterable<Response<D[K]>>
    : (request: Request<D[K]>, call: Call) => Promise<Response<D[K]>>;
};

/** A gRPC service and its functions; their types have been checked and are dropped. */
export type Implementation = {
  definition: ServiceDefinition;
  methods: Record<string, (request: never, call: Call) => Promise<unknown> | AsyncIterable<unknown>>;
};

/**
 * Joins the definition of a gRPC service and its functions. A missing or wrongly typed one does not compile.
 */
export const implement = <D extends ServiceDefinition>(
  definition: D,
  methods: Methods<D>,
): Implementation => ({
  definition,
  methods: methods as Implementation['methods'],
});

import {
  Server,
  ServerCredentials,
  type ServerInterceptor,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import { captureAuthorization } from '../auth/index.ts';
import { addReflection } from './reflection.ts';
import { handleServerStream, handleUnary, type HandlerDeps } from './handle.ts';
import type { Implementation } from './implement.ts';
import { limitRequests } from './limit-requests.ts';
import { oneCallAtATime } from './one-call-at-a-time.ts';

/** How long running calls may continue after `stop`, in milliseconds. */
const DRAIN_MS = 5_000;

const OPTIONS = {
  'grpc.max_concurrent_streams': 1000,
  // limits half-open connections, and clients that never move to another instance
  'grpc.max_connection_age_ms': 30 * 60_000,
  'grpc.max_connection_age_grace_ms': 60_000,
  'grpc.keepalive_time_ms': 60_000,
  'grpc.keepalive_timeout_ms': 20_000,
};

/** A gRPC server that is listening. */
export type Served = { port: number; stop(): Promise<void> };

export type ServeOptions = HandlerDeps & {
  host: string;
  /** 0: any free port. */
  port: number;
  implementations: Implementation[];
  /** In order, the nearest to the wire first. */
  interceptors: ServerInterceptor[];
  reflection: boolean;
  largeRequests?: ReadonlyMap<string, number> | undefined;
  oneAtATime?: ReadonlySet<string> | undefined;
};

/**
 * Serves gRPC services on one port, with health for each and, if it is on, reflection. Resolves when it
 * listens. `stop` reports NOT_SERVING, accepts no new calls, and lets running ones end.
 */
export async function serve(options: ServeOptions): Promise<Served> {
  const gate = oneCallAtATime(options.oneAtATime ?? new Set(), options.log);
  const server = new Server({ ...OPTIONS, interceptors: [...options.interceptors, gate.interceptor] });
  captureAuthorization(server);
  limitRequests(server, options.largeRequests);
  const names = options.implementations.map(({ definition }) => serviceName(definition));
  for (const { definition, methods } of options.implementations) {
    const handlers: UntypedServiceImplementation = {};
    for (const [name, method] of Object.entries(definition)) {
      const handle = method.responseStream ? handleServerStream : handleUnary;
      handlers[name] = handle(options, method, gate.inside(method.path, methods[name]!)) as never;
    }
    server.addService(takingBytes(definition), handlers);
  }
  const health = new HealthImplementation(
    Object.fromEntries(['', ...names].map((name) => [name, 'SERVING'])),
  );
  health.addToServer(server);
  if (options.reflection) addReflection(server, names);
  const port = await bind(server, options.host, options.port);
  return {
    port,
    async stop() {
      for (const name of ['', ...names]) health.setStatus(name, 'NOT_SERVING');
      await drain(server);
    },
  };
}

/**
 * A definition whose requests stay bytes: the handler checks and decodes them, so that bytes that are not
 * protobuf are INVALID_ARGUMENT, the caller's fault. grpc-js would answer INTERNAL.
 */
const takingBytes = (definition: ServiceDefinition): ServiceDefinition =>
  Object.fromEntries(
    Object.entries(definition).map(([name, method]) => [
      name,
      { ...method, requestDeserialize: (bytes: Buffer) => bytes },
    ]),
  );

/** The service's name, `clients.ClientBaseService`, from the path of a method. */
const serviceName = (definition: ServiceDefinition): string =>
  Object.values(definition)[0]!.path.split('/')[1]!;

const bind = (server: Server, host: string, port: number): Promise<number> =>
  new Promise((resolve, reject) =>
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );

const drain = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });

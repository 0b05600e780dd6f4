import { openDb, type Db } from '@crm/db';
import type { ServerInterceptor, ServiceDefinition } from '@grpc/grpc-js';
import { metrics } from '@opentelemetry/api';
import { bool, host, num, port, str } from 'envalid';
import {
  authConfig,
  authInterceptor,
  authSpec,
  currentCaller,
  publicMethods,
  tokenVerifier,
  warnReportOnly,
  type AuthConfig,
} from '../auth/index.ts';
import { connectTo, type Connected } from '../rpc/connect-to.ts';
import { config, type ConfigOf, type ConfigSpec } from './config.ts';
import { logger, type Logger } from './log.ts';
import { logGrpc } from './log-grpc.ts';
import { observeInterceptor } from '../rpc/observe-interceptor.ts';
import { PORTS, type ServiceName } from './ports.ts';
import { serveReadiness } from './readiness-server.ts';
import { startTelemetry, type Telemetry } from './telemetry.ts';

/** The settings of every process. */
export const processSpec = {
  ...authSpec,
  DATABASE_URL: str({
    desc: 'PostgreSQL: postgresql://user:password@host:port/database',
    example: 'postgresql://suivi@127.0.0.1:54320/crm',
  }),
  DATABASE_POOL: num({ default: 3, desc: 'Database connections of this process at most' }),
  HOST: host({ default: '127.0.0.1', desc: 'The address that servers bind to' }),
  PORT_OFFSET: num({ default: 0, desc: 'Added to every port, to run a second copy beside the first' }),
  METRICS_PORT: port({ default: 9465, desc: 'HTTP port of /readyz and /metrics' }),
  LOG_LEVEL: str({
    default: 'info',
    choices: ['trace', 'debug', 'info', 'warn', 'error'],
    desc: 'Which lines are logged',
  }),
  REFLECTION_ENABLED: bool({ default: false, desc: 'Answer gRPC server reflection, without a token' }),
};

/**
 * The variable with the address of a service that is not on this machine at its usual port:
 * `CLIENTS_ADDRESS=clients:50052`.
 */
const addressVariable = (name: ServiceName): string => `${name.toUpperCase()}_ADDRESS`;

/** What the parts of a process share. */
export type Process<S extends ConfigSpec = typeof processSpec> = {
  config: ConfigOf<typeof processSpec & S>;
  auth: AuthConfig;
  db: Db;
  log: Logger;
  telemetry: Telemetry;
  interceptors: ServerInterceptor[];
  /** Where a service is: `127.0.0.1:50052`, or what `CLIENTS_ADDRESS` says. */
  addressOf(service: ServiceName): string;
  /** A client of another service, with the given tokens, or by default the current caller's own. */
  call<D extends ServiceDefinition>(
    service: ServiceName,
    definition: D,
    token?: () => Promise<string | undefined>,
  ): Connected<D>;
  /** Aborted when the process is asked to end, so that endless work stops. */
  stopping: AbortSignal;
  /** Registers work for the end of the process; the last registered runs first. */
  onStop(stop: () => unknown): void;
  /** Serves `/readyz` and `/metrics`, waits for SIGTERM or SIGINT, then stops everything in order. */
  run(checks: Record<string, () => Promise<unknown>>): Promise<void>;
};

/** The longest duration of a stop, in milliseconds; what hangs is left behind. */
const STOP_WITHIN_MS = 8_000;

/**
 * Starts the basis of a process: configuration, telemetry, logs, database, identity.
 * @param spec the settings in addition to `processSpec`
 * @throws {ConfigError} naming each variable at fault
 */
export async function startProcess<S extends ConfigSpec>(name: string, spec: S): Promise<Process<S>> {
  // registered first: a process that is asked to end while it starts ends properly once it has started
  const asked = stopSignal();
  const stopping = new AbortController();
  void asked.then(() => stopping.abort());
  const values = config({ ...processSpec, ...spec }, process.env) as unknown as Process<S>['config'];
  const log = logger(name, values.LOG_LEVEL);
  logGrpc(log);
  const auth = authConfig(values);
  const telemetry = await startTelemetry(name);
  const db = openDb(values.DATABASE_URL, values.DATABASE_POOL);
  const stops: (() => unknown)[] = [() => telemetry.shutdown(), () => db.$disconnect()];
  const addressOf = (service: ServiceName) =>
    process.env[addressVariable(service)] ?? `127.0.0.1:${PORTS[service] + values.PORT_OFFSET}`;
  const callerToken = () => Promise.resolve(currentCaller()?.token);
  return {
    config: values,
    auth,
    db,
    log,
    telemetry,
    interceptors: [observeInterceptor(log), authenticate(auth, values, log)],
    addressOf,
    call(service, definition, token = callerToken) {
      const client = connectTo(definition, addressOf(service), token);
      stops.push(() => client.close());
      return client;
    },
    stopping: stopping.signal,
    onStop: (stop) => void stops.push(stop),
    async run(checks) {
      const database = () => db.$queryRaw`SELECT 1`;
      const http = await serveReadiness(values.HOST, values.METRICS_PORT, telemetry.metrics, {
        database,
        ...checks,
      });
      stops.push(() => http.close());
      log.info({ metricsPort: http.port }, 'ready');
      const signal = await asked;
      log.info({ signal }, 'stopping');
      setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref();
      for (const stop of stops.reverse()) {
        await (async () => stop())().catch((err: unknown) => log.error({ err }, 'stop'));
      }
      process.exit(0);
    },
  };
}

function authenticate(
  auth: AuthConfig,
  values: { AUTH_ENABLED: boolean; REFLECTION_ENABLED: boolean },
  log: Logger,
) {
  const refusals = metrics.getMeter('suivi').createCounter('auth_refusals_total', {
    description: 'Calls without an acceptable token',
  });
  if (!values.AUTH_ENABLED) warnReportOnly(log);
  return authInterceptor({
    verify: tokenVerifier(auth, { log }),
    enabled: values.AUTH_ENABLED,
    publicMethods: publicMethods({ reflection: values.REFLECTION_ENABLED }),
    onRefusal(refusal) {
      log.warn(refusal, refusal.reportOnly ? 'would be refused' : 'refused');
      refusals.add(1, { reason: refusal.reason, report_only: refusal.reportOnly });
    },
  });
}

const stopSignal = (): Promise<NodeJS.Signals> =>
  new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, resolve);
  });

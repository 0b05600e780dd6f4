import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startProcess, serviceTokens } from '@crm/kit';
import { connectNats, lost, type NatsConnection } from '@crm/nats';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry';
import { workersSpec } from './config.ts';
import { connectServices } from './clients.ts';
import { runBridge } from './run-bridge.ts';
import { runTemporal, type TemporalPart } from './run-temporal.ts';
import { startRelay } from './outbox/relay.ts';

/** A server that does not answer within this time, in milliseconds, is considered away. */
const PROBE_MS = 1_000;

/** What this process can do; by default all of it. */
const PARTS = ['relay', 'bridge', 'events', 'follow-ups'] as const;
type Part = (typeof PARTS)[number];

const USAGE = `Publishes the outbox, turns events into workflows and runs them.

  node --import tsx workers/main.ts [part …]

Parts: ${PARTS.join(', ')}; all of them by default. The bridge starts workflows eagerly when it runs beside
"events". Configuration is read from the environment.`;

const { positionals, values } = parseArgs({ allowPositionals: true, options: { help: { type: 'boolean' } } });
const unknown = positionals.filter((name) => !(PARTS as readonly string[]).includes(name));
if (values.help || unknown.length) {
  console.error(unknown.length ? `There is no part called ${unknown.join(', ')}.\n\n${USAGE}` : USAGE);
  process.exit(values.help ? 0 : 2);
}

try {
  await main((positionals.length ? positionals : [...PARTS]) as Part[]);
} catch (error) {
  console.error((error as Error).name === 'ConfigError' ? (error as Error).message : error);
  process.exit(1);
}

async function main(parts: Part[]): Promise<void> {
  const running = await startProcess('workers', workersSpec);
  const { config, db, log, auth, telemetry } = running;
  const checks: Record<string, () => Promise<unknown>> = {};
  const services = connectServices(running.call, serviceTokens(auth, { sub: 'service:workers', log }));
  const plugin = new OpenTelemetryPlugin({
    resource: telemetry.resource,
    spanProcessor: telemetry.spanProcessor,
  });

  const nats = connectNats(config.NATS_URL, 'suivi-workers');
  // without this connection the process is useless: a restarted one may get another login
  nats.then(lost).catch((error: Error) => {
    log.fatal({ reason: error.message }, 'NATS');
    process.exit(1);
  });
  if (parts.includes('relay') || parts.includes('bridge')) {
    let connection: NatsConnection | undefined;
    void nats.then((connected) => (connection = connected));
    checks.nats = async () => connection !== undefined && (await within(PROBE_MS, connection.flush()));
    running.onStop(() => connection?.drain());
  }
  if (parts.includes('relay')) {
    void nats.then((connection) => {
      const relay = startRelay(db, config.DATABASE_URL, connection, log);
      running.onStop(() => relay.stop());
    });
  }
  const temporalParts = parts.filter((part): part is TemporalPart => part !== 'relay');
  if (temporalParts.length) {
    const temporal = runTemporal(temporalParts, { config, log, plugin, services, db });
    checks.temporal = () => temporal.ready();
    running.onStop(() => temporal.stop());
    if (parts.includes('bridge')) {
      // an eager start would go to this build, current or not
      const eager = parts.includes('events') && !config.TEMPORAL_WORKER_BUILD_ID;
      const bridge = runBridge({ nats, temporal, db, log, config, eager });
      checks.bridge = () => Promise.resolve(bridge.ready());
      running.onStop(() => bridge.stop());
    }
  }
  await running.run(checks);
}

/** A function declaration, because `main` runs before a constant here would be initialised. */
async function within(ms: number, work: Promise<unknown>): Promise<boolean> {
  return await Promise.race([work.then(() => true), delay(ms, false, { ref: false })]);
}

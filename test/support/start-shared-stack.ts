import { startOwnStack, type OwnStack } from './stack.ts';
import { startTraceCollector, type TraceCollector } from './trace-collector.ts';

declare global {
  var suiviSharedStack: OwnStack | undefined;
  var suiviTraceCollector: TraceCollector | undefined;
}

/**
 * Starts the platform for all end-to-end tests of a run. Tests use clients and organisations of their own.
 */
export default async function startSharedStack(): Promise<void> {
  const collector = await startTraceCollector();
  globalThis.suiviTraceCollector = collector;
  const stack = await startOwnStack({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  globalThis.suiviSharedStack = stack;
  const env = { ...stack.env, TRACES_URL: collector.url };
  process.env.SUIVI_TEST_STACK = JSON.stringify({ env, portOffset: stack.portOffset });
  process.env.DATABASE_URL = stack.env.DATABASE_URL;
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WORKFLOWS_MS } from '@crm/workflows/retention';
import { resolveBinary } from './binaries.ts';
import type { Child } from './child.ts';
import { httpGet } from './http-get.ts';
import { serverFolder, startServer, systemEnvironment, type ServerContext } from './server.ts';

/** How long closed workflows are kept: longer than every guard against redelivery. */
const RETENTION_S = WORKFLOWS_MS / 1000;

/**
 * Starts Temporal's development server and its UI on one SQLite file. The two pragmas make it several times
 * faster and still safe against a killed process. The UI is kept from asking an external host for news.
 */
export async function startTemporal(context: ServerContext): Promise<Child> {
  const { dataDir, ports, namespace, binaries } = context;
  const temporal = await resolveBinary('temporal', binaries);
  const child = await startServer(context, {
    name: 'temporal',
    title: 'Temporal',
    file: temporal,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn', '--ui-disable-news-fetch'],
      ...['--port', String(ports.temporal), '--ui-port', String(ports.temporalUi)],
      ...['--db-filename', join(serverFolder(dataDir, 'temporal'), 'temporal.db')],
      ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
      // organisations take turns on the queue of reminders (docs/adr/0018)
      ...['--dynamic-config-value', 'matching.useNewMatcher=true'],
      ...['--dynamic-config-value', 'matching.enableFairness=true'],
      // turns are exact only within one partition, and the rate is divided among the partitions that are read
      ...['--dynamic-config-value', 'matching.numTaskqueueWritePartitions=1'],
      ...['--dynamic-config-value', 'matching.numTaskqueueReadPartitions=1'],
      ...['--namespace', namespace],
    ],
    ready: async () => (await describeNamespace(context)) !== undefined,
    readyWithinMs: 60_000,
  });
  await ensureRetention(context, temporal);
  return child;
}

interface NamespaceDescription {
  config?: { workflowExecutionRetentionTtl?: string };
}

/**
 * Asks through the UI's port, whose server forwards the question to Temporal: an answer means that both are
 * ready.
 */
async function describeNamespace({
  ports,
  namespace,
}: ServerContext): Promise<NamespaceDescription | undefined> {
  const { status, body } = await httpGet(
    ports.temporalUi,
    `/api/v1/namespaces/${encodeURIComponent(namespace)}`,
  );
  return status === 200 ? (JSON.parse(body) as NamespaceDescription) : undefined;
}

/** The server creates the namespace with a retention of one day, and remembers a change. */
async function ensureRetention(context: ServerContext, temporal: string): Promise<void> {
  const known = await describeNamespace(context);
  if (known?.config?.workflowExecutionRetentionTtl === `${RETENTION_S}s`) return;
  const address = `127.0.0.1:${context.ports.temporal}`;
  // With its own command line: a client library would stay in the launcher's memory for one call.
  await promisify(execFile)(
    temporal,
    [
      ...['operator', 'namespace', 'update', '--namespace', context.namespace],
      ...['--retention', `${RETENTION_S}s`, '--address', address],
    ],
    { env: systemEnvironment() },
  );
}

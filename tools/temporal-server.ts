import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { resolveBinary } from './binaries.ts';
import { startChild, type Child } from './child.ts';
import { httpGet } from './http-get.ts';
import { systemEnvironment, type ServerContext } from './server.ts';

/** How long closed workflows stay readable. Longer than every guard against redelivery lives. */
const RETENTION_S = 45 * 24 * 3600;

/**
 * Temporal's development server and its UI, on one SQLite file. The two pragmas make it several times faster
 * and still safe against a killed process. The UI is kept from asking an outside host for news.
 */
export async function startTemporal(context: ServerContext): Promise<Child> {
  const { dataDir, ports, namespace, binaries, signal } = context;
  const folder = join(dataDir, 'temporal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const child = await startChild(
    {
      name: 'temporal',
      title: 'Temporal',
      file: await resolveBinary('temporal', binaries),
      args: [
        ...['server', 'start-dev', '--ip', '127.0.0.1', '--log-level', 'warn', '--ui-disable-news-fetch'],
        ...['--port', String(ports.temporal), '--ui-port', String(ports.temporalUi)],
        ...['--db-filename', join(folder, 'temporal.db')],
        ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=1'],
        ...['--namespace', namespace],
      ],
      cwd: folder,
      env: systemEnvironment(),
      stopSignal: 'SIGTERM',
      ready: async () => (await describeNamespace(context)) !== undefined,
      readyWithinMs: 60_000,
    },
    dataDir,
    signal,
  );
  await ensureRetention(context);
  return child;
}

interface NamespaceDescription {
  config?: { workflowExecutionRetentionTtl?: string };
}

/** Asks through the UI's port, whose server passes the question on to Temporal: an answer means that both serve. */
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

/** The server makes the namespace with its own retention of one day, and keeps what it is told once. */
async function ensureRetention(context: ServerContext): Promise<void> {
  const known = await describeNamespace(context);
  if (known?.config?.workflowExecutionRetentionTtl === `${RETENTION_S}s`) return;
  const { Connection } = await import('@temporalio/client'); // a third of a second that most starts are spared
  const connection = await Connection.connect({ address: `127.0.0.1:${context.ports.temporal}` });
  try {
    await connection.workflowService.updateNamespace({
      namespace: context.namespace,
      config: { workflowExecutionRetentionTtl: { seconds: RETENTION_S } as never },
    });
  } finally {
    await connection.close();
  }
}

import { join } from 'node:path';
import { startChild, type Child } from './child.ts';
import { ROOT } from './data-folder.ts';
import { httpGet } from './http-get.ts';
import type { ServerContext } from './server.ts';

/**
 * Starts `services/main.ts` or `workers/main.ts` directly with node, without a wrapper, so that the recorded
 * pid is the process itself. It is ready when `/readyz` on its metrics port says so.
 */
export async function startNodeProcess(
  name: 'services' | 'workers',
  env: NodeJS.ProcessEnv,
  { dataDir, ports, debuggers, signal }: ServerContext,
): Promise<Child> {
  const port = name === 'services' ? ports.servicesMetrics : ports.workersMetrics;
  const debuggerPort = name === 'services' ? ports.servicesDebugger : ports.workersDebugger;
  // the debugger's address is in the table, and the end of the log should show what went wrong
  const quiet = '--inspect-publish-uid=http';
  const inspect = debuggers ? [`--inspect=127.0.0.1:${debuggerPort}`, quiet] : [];
  return await startChild(
    {
      name,
      title: name === 'services' ? 'The services process' : 'The workers process',
      file: process.execPath,
      // with the default of 2 MB, a third of the time under load was garbage collection
      args: [...inspect, '--max-semi-space-size=16', '--import', 'tsx', join(ROOT, name, 'main.ts')],
      cwd: ROOT,
      // as in the image: React's development mode renders mails three times slower
      env: { NODE_ENV: 'production', ...env },
      stopSignal: 'SIGTERM',
      ready: async () => (await httpGet(port, '/readyz')).status === 200,
      readyWithinMs: 90_000,
    },
    dataDir,
    signal,
  );
}

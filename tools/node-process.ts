import type { CodeProcess } from './changed-sources.ts';
import { startChild, type Child } from './child.ts';
import { ROOT } from './data-folder.ts';
import { httpGet } from './http-get.ts';
import type { ServerContext } from './server.ts';

const SCRIPTS: Record<CodeProcess, { title: string; command: string[] }> = {
  services: { title: 'The services process', command: ['services/main.ts'] },
  workers: { title: 'The workers process', command: ['workers/main.ts'] },
  ops: { title: 'The operations process', command: ['services/main.ts', 'ops'] },
  console: { title: 'The console', command: ['services/main.ts', 'console'] },
};

/**
 * Starts `services/main.ts` or `workers/main.ts` directly with node, without a wrapper, so that the recorded
 * pid is the process itself. It is ready when `/readyz` on its metrics port says so.
 */
export async function startNodeProcess(
  name: CodeProcess,
  env: NodeJS.ProcessEnv,
  { dataDir, ports, debuggers, signal }: ServerContext,
): Promise<Child> {
  const { title, command } = SCRIPTS[name];
  const [port, debuggerPort] = [ports[`${name}Metrics`], ports[`${name}Debugger`]];
  // the debugger's address is in the table, and the end of the log should show what went wrong
  const quiet = '--inspect-publish-uid=http';
  const inspect = debuggers ? [`--inspect=127.0.0.1:${debuggerPort}`, quiet] : [];
  // with the default of 2 MB, a third of the time under load was garbage collection; the console and ops have little to
  // do, and should be small
  const isSmall = name === 'console' || name === 'ops';
  const memory = isSmall ? ['--optimize-for-size', '--max-semi-space-size=1'] : ['--max-semi-space-size=16'];
  return await startChild(
    {
      name,
      title,
      file: process.execPath,
      args: [...inspect, ...memory, '--import', 'tsx', ...command],
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

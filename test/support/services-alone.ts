import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PORTS, type ServiceName } from '@crm/kit';
import { ROOT } from '@crm/tools/data-folder';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** A process of some services, which a test may set up as it likes, and kill. */
export type ServicesAlone = {
  pid: number;
  address(name: ServiceName): string;
  /** Where its metrics are. */
  metricsUrl: string;
  /** Every line that it has logged. */
  lines(): Record<string, unknown>[];
  /** Asks it to end; answers its exit code and the signal that ended it, if one did. */
  stop(): Promise<unknown[]>;
  kill(): Promise<void>;
};

/**
 * Starts some services in a process of their own, over a platform's servers; what they ask of others they ask of that
 * platform. Resolves when they serve.
 * @param offset of its ports
 */
export async function startServicesAlone(
  stack: Stack,
  names: ServiceName[],
  offset: number,
  env: NodeJS.ProcessEnv = {},
): Promise<ServicesAlone> {
  const others = (Object.keys(PORTS) as ServiceName[]).filter((name) => !names.includes(name));
  const addresses = others.map((name) => [`${name.toUpperCase()}_ADDRESS`, stack.address(name)]);
  const metricsPort = 9465 + offset;
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/main.ts', ...names], {
    cwd: ROOT,
    env: {
      ...{ PATH: process.env.PATH, NODE_ENV: 'production' },
      ...stack.env,
      ...(Object.fromEntries(addresses) as Record<string, string>),
      PORT_OFFSET: String(offset),
      METRICS_PORT: String(metricsPort),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let logged = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (logged += text));
  const url = `http://127.0.0.1:${metricsPort}`;
  await until(`${names.join(', ')} to serve`, async () => (await fetch(`${url}/readyz`)).ok);
  return {
    pid: child.pid!,
    address: (name) => `127.0.0.1:${PORTS[name] + offset}`,
    metricsUrl: `${url}/metrics`,
    lines: () =>
      logged
        .split('\n')
        .filter((line) => line.startsWith('{') && line.endsWith('}'))
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      return (await exited) as unknown[];
    },
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

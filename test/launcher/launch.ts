import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../support/until.ts';

export type Launched = {
  child: ChildProcess;
  /** Everything it has printed. */
  output: () => string;
  /** Resolves with the exit code. */
  ended: Promise<number | null>;
};

/** Runs `npm start` without npm, in a process group of its own, as in a terminal. @param root the checkout */
export function launchSuivi(root: string, env: NodeJS.ProcessEnv, ...args: string[]): Launched {
  const child = spawn(process.execPath, ['--import', 'tsx', 'tools/start.ts', ...args], {
    cwd: root,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
  return {
    child,
    output: () => output,
    ended: once(child, 'exit').then(([code]) => code as number | null),
  };
}

/** Waits until it has printed this, before or after the call. */
export async function said(launched: Launched, what: RegExp, from = 0): Promise<string> {
  await until(
    `${what} in:\n${launched.output().slice(from)}`,
    () => {
      if (launched.child.exitCode !== null) throw new Error(launched.output());
      return what.test(launched.output().slice(from));
    },
    180_000,
  );
  return launched.output().slice(from);
}

/** Stops it as Ctrl-C does. */
export async function stopLaunched({ child, ended }: Launched): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
  await ended;
}

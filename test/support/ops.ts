import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Stack } from './stack.ts';

const root = new URL('../..', import.meta.url).pathname;
const OPS = ['--import', 'tsx', 'tools/ops.ts'];

type Platform = Pick<Stack, 'env' | 'portOffset' | 'token'>;
type Ended = { output: string; code: number | null };
/** A running command: its output so far, and its end; without an exit code if it was killed. */
export type RunningOps = { child: ChildProcess; output: () => string; ended: Promise<Ended> };

/** Runs an operator's command against a platform, without a terminal. Returns its output and exit code. */
export async function ops(stack: Platform, ...args: string[]): Promise<Ended> {
  const { child, ended } = await startOps(stack, ...args);
  child.stdin!.end();
  return await ended;
}

/** Starts an operator's command, without a terminal. */
export const startOps = async (stack: Platform, ...args: string[]): Promise<RunningOps> =>
  await start(stack, process.execPath, [...OPS, ...args]);

/** Runs an operator's command whose output nobody reads: `ops … | true`. Returns its errors. */
export async function opsUnread(stack: Platform, ...args: string[]): Promise<Ended> {
  const script = '"$0" "$@" | true; exit "${PIPESTATUS[0]}"';
  const { ended } = await start(stack, 'bash', ['-c', script, process.execPath, ...OPS, ...args]);
  return await ended;
}

/** Whether a terminal can be opened; `script` of other systems has other options. */
export const hasTerminals =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/**
 * Starts an operator's command in a terminal, with util-linux's `script`. Typed text is written to its input.
 */
export async function startOpsInTerminal(stack: Platform, ...args: string[]): Promise<RunningOps> {
  const command = [process.execPath, ...OPS, ...args];
  const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return await start(stack, 'script', ['--quiet', '--return', '--command', quoted, '/dev/null']);
}

async function start(stack: Platform, file: string, args: string[]): Promise<RunningOps> {
  const env = {
    ...process.env,
    ...stack.env,
    PORT_OFFSET: String(stack.portOffset),
    TOKEN: await stack.token('chef', '2h'),
  };
  const child = spawn(file, args, { cwd: root, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => (said += text));
  }
  const output = () => spaced(said);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ output: output(), code }));
  });
  return { child, output, ended };
}

/** Replaces the non-breaking spaces in amounts. */
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

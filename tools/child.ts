import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { stripVTControlCharacters } from 'node:util';
import { diskFull, explainDiskError, saysDiskFull } from './disk-error.ts';
import { PlainError } from './plain-error.ts';
import { describeProcess, endProcess, forget, remember, type ProcessRecord } from './process-record.ts';

/** How to start a program, and how to know that it is ready. */
export interface ChildSpec {
  /** Also the name of its log file. */
  name: string;
  /** Its name for people: `PostgreSQL`. */
  title: string;
  file: string;
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** The account to run it as, if not ours. */
  account?: { uid: number; gid: number } | undefined;
  stopSignal: NodeJS.Signals;
  /**
   * Checks whether the program is ready; false or a rejection: not yet. Must return within a second or two.
   */
  ready: () => Promise<boolean>;
  readyWithinMs: number;
}

export interface Child extends ProcessRecord {
  /** Resolves with `exit code 1` or `signal SIGKILL` when the process has ended. */
  ended: Promise<string>;
  hasEnded: () => boolean;
}

/** How long a child may take to end when its start is aborted. */
const ABORTED_GRACE_MS = 3_000;
const LOG_LINES_SHOWN = 6;
const LOG_ROTATED_BYTES = 20 * 1024 * 1024;

/**
 * Starts a program in a session of its own, so that a terminal's Ctrl-C only reaches the launcher. Its output
 * is appended to `<dataDir>/logs/<name>.log`, and it is recorded for a later launcher. Resolves when it is
 * ready. If it ends first or takes too long, the error has the last lines of its log.
 */
export async function startChild(spec: ChildSpec, dataDir: string, signal?: AbortSignal): Promise<Child> {
  signal?.throwIfAborted();
  const log = openLog(dataDir, spec.name);
  const child = await spawnChild(spec, dataDir, log.fd);
  const trouble = await untilReady(spec, child, signal);
  if (trouble === undefined) return child;
  await stopChild(child, ABORTED_GRACE_MS);
  signal?.throwIfAborted();
  const lines = lastLines(log.file, log.size);
  if (saysDiskFull(lines)) throw diskFull(dataDir);
  throw new PlainError(`${spec.title} ${trouble}. ${tail(log.file, lines)}`);
}

/** Asks a child to end and waits for it and its descendants. After `graceMs` they are killed. */
export async function stopChild(child: Child, graceMs: number): Promise<void> {
  await endProcess(child, graceMs);
  await child.ended;
}

async function spawnChild(spec: ChildSpec, dataDir: string, logFd: number): Promise<Child> {
  const child = spawn(spec.file, spec.args, {
    cwd: spec.cwd,
    env: spec.env,
    ...spec.account,
    detached: true,
    stdio: ['ignore', logFd, logFd],
  });
  closeSync(logFd);
  let end: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, killedBy) => resolve(killedBy ? `signal ${killedBy}` : `exit code ${code}`));
  }).then((how) => (end = how));
  if (child.pid === undefined) throw new PlainError(`${spec.title} could not be started: ${await ended}.`);
  const record = describeProcess(spec.name, child.pid, spec.stopSignal);
  remember(dataDir, record);
  void ended.then(() => forget(dataDir, record));
  return { ...record, ended, hasEnded: () => end !== undefined };
}

/** Resolves with what went wrong, or with nothing once the program is ready. */
async function untilReady(spec: ChildSpec, child: Child, signal?: AbortSignal): Promise<string | undefined> {
  const giveUpAt = Date.now() + spec.readyWithinMs;
  for (let pauseMs = 20; Date.now() < giveUpAt; pauseMs = Math.min(pauseMs * 1.3, 200)) {
    const serves = await Promise.race([spec.ready().catch(() => false), child.ended]);
    // Checked first: if the child has ended, another program answered the probe.
    if (child.hasEnded()) return `ended while it started (${await child.ended})`;
    if (signal?.aborted) return 'was interrupted';
    if (serves === true) return undefined;
    await delay(pauseMs);
  }
  return `was not ready within ${spec.readyWithinMs / 1000} s`;
}

/**
 * Opens the log for appending, and returns where this run's part begins. A log that is too large is set aside
 * first.
 */
function openLog(dataDir: string, name: string): { fd: number; file: string; size: number } {
  const file = join(dataDir, 'logs', `${name}.log`);
  try {
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_ROTATED_BYTES)
      renameSync(file, `${file}.1`);
    const fd = openSync(file, 'a', 0o600);
    return { fd, file, size: fstatSync(fd).size };
  } catch (error) {
    throw explainDiskError(error, dataDir);
  }
}

/** Without stack frames, which would hide the line that says what happened. */
function lastLines(logFile: string, from: number): string {
  const text = stripVTControlCharacters(readFileSync(logFile).subarray(from).toString('utf8'));
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^\s+at /.test(line));
  return lines.slice(-LOG_LINES_SHOWN).join('\n');
}

function tail(logFile: string, lines: string): string {
  return lines === ''
    ? `Its log, ${logFile}, is empty.`
    : `The end of ${logFile}:\n${lines.replaceAll(/^/gm, '    ')}`;
}

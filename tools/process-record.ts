import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findProcess } from './process-table.ts';
import { PlainError } from './plain-error.ts';

/** A process as written down: the start time tells it from a stranger that got the same pid later. */
export interface ProcessRecord {
  name: string;
  pid: number;
  startTime: string;
  /** What asks this process to end. */
  stopSignal: NodeJS.Signals;
}

/** How long a leftover may take to end before it is killed. */
const LEFTOVER_GRACE_MS = 5_000;

const recordsFile = (dataDir: string) => join(dataDir, 'run/processes.json');
const launcherFile = (dataDir: string) => join(dataDir, 'run/launcher.json');

/** Describes a process that was just started; nothing when it has ended already. */
export function describeProcess(
  name: string,
  pid: number,
  stopSignal: NodeJS.Signals,
): ProcessRecord | undefined {
  const row = findProcess(pid);
  return row && { name, pid, startTime: row.startTime, stopSignal };
}

/** True while the very process that was recorded runs. */
export function isRunning(record: ProcessRecord): boolean {
  return findProcess(record.pid)?.startTime === record.startTime;
}

/** Writes a child down, so that a later launcher can stop it should this one be killed. */
export function remember(dataDir: string, record: ProcessRecord): void {
  write(dataDir, [...readRecords(dataDir), record]);
}

/** Strikes out a child that has ended. */
export function forget(dataDir: string, record: ProcessRecord): void {
  write(
    dataDir,
    readRecords(dataDir).filter((other) => other.pid !== record.pid || other.startTime !== record.startTime),
  );
}

/** The children written down, in the order in which they started. */
export function readRecords(dataDir: string): ProcessRecord[] {
  return readJson<ProcessRecord[]>(recordsFile(dataDir)) ?? [];
}

/** The launcher that uses the data folder now, if any. */
export function runningLauncher(dataDir: string): ProcessRecord | undefined {
  const record = readJson<ProcessRecord>(launcherFile(dataDir));
  return record && isRunning(record) ? record : undefined;
}

/**
 * Claims the data folder for this process, or refuses with a sentence naming the launcher that has it. The file
 * of a dead launcher is moved aside before a new one is made: of two launchers that both saw the dead one, the
 * later might move the earlier one's new file, which it then notices and puts back.
 */
export function claimDataFolder(dataDir: string): { release: () => void } {
  const file = launcherFile(dataDir);
  const mine = { ...describeProcess('launcher', process.pid, 'SIGTERM')!, id: crypto.randomUUID() };
  const draft = `${file}.${mine.id}`;
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(draft, JSON.stringify(mine));
  try {
    while (!link(draft, file)) {
      const owner = readJson<ProcessRecord>(file);
      if (owner && isRunning(owner)) {
        throw new PlainError(`Suivi already runs here (pid ${owner.pid}, data in ${dataDir}).`);
      }
      removeStale(file, `${draft}.aside`);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    release: () => {
      if (readJson<typeof mine>(file)?.id === mine.id) rmSync(file, { force: true });
    },
  };
}

function removeStale(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // another launcher was faster
    throw error;
  }
  const moved = readJson<ProcessRecord>(aside);
  if (moved && isRunning(moved)) link(aside, file);
  rmSync(aside, { force: true });
}

/**
 * Stops what an earlier launcher left running when it was killed: first asks, then kills, each by recorded pid
 * and start time. Answers the names of what was stopped.
 */
export async function stopLeftovers(dataDir: string): Promise<string[]> {
  const leftovers = readRecords(dataDir).filter(isRunning);
  for (const record of leftovers) signal(record.pid, record.stopSignal);
  const killAt = Date.now() + LEFTOVER_GRACE_MS;
  for (;;) {
    const left = leftovers.filter(isRunning);
    if (left.length === 0) break;
    if (Date.now() > killAt + LEFTOVER_GRACE_MS) {
      throw new PlainError(
        `Process ${left[0]!.pid} (${left[0]!.name}) of an earlier start cannot be stopped.`,
      );
    }
    // Every child leads a process group, so that its own children go with it.
    if (Date.now() > killAt) left.forEach(killGroup);
    await delay(50);
  }
  write(dataDir, []);
  return leftovers.map((record) => record.name);
}

/** Kills at once every child that runs, and its group. */
export function killRecorded(dataDir: string): void {
  readRecords(dataDir).filter(isRunning).forEach(killGroup);
}

function killGroup({ pid }: ProcessRecord): void {
  signal(-pid, 'SIGKILL');
  signal(pid, 'SIGKILL');
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM') {
      throw new PlainError(
        `Process ${Math.abs(pid)} of an earlier start still runs and belongs to another user: stop it first.`,
      );
    }
    // ESRCH: it ended in between
  }
}

function write(dataDir: string, records: ProcessRecord[]): void {
  const file = recordsFile(dataDir);
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(records, null, 2));
  renameSync(`${file}.new`, file);
}

/** Makes `to` another name of `from`; false when `to` exists. Creates atomically, unlike a check and a write. */
function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Nothing when there is no such file, or when a full disk left half of one. */
function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

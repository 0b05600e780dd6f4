import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainError } from './plain-error.ts';
import { findProcess, processTree, type ProcessRow } from './process-table.ts';
import { readJson } from './read-json.ts';

/** A recorded process. The start time distinguishes it from a later process with the same pid. */
export interface ProcessRecord extends Pick<ProcessRow, 'pid' | 'startTime'> {
  name: string;
  /** The signal that asks this process to end. */
  stopSignal: NodeJS.Signals;
}

/** How long a leftover may take to end before it is killed. */
const LEFTOVER_GRACE_MS = 5_000;
/** How long descendants may outlive a process: PostgreSQL's hold its shared memory for a moment. */
const DESCENDANTS_MS = 2_000;

const recordsFile = (dataDir: string) => join(dataDir, 'run/processes.json');

/** Records a process that was just started. If it has ended already, its start time is empty. */
export function describeProcess(name: string, pid: number, stopSignal: NodeJS.Signals): ProcessRecord {
  return { name, pid, startTime: findProcess(pid)?.startTime ?? '', stopSignal };
}

/** Whether exactly the recorded process is running. */
export function isRunning({ pid, startTime }: Pick<ProcessRow, 'pid' | 'startTime'>): boolean {
  return findProcess(pid)?.startTime === startTime;
}

/** Records a child, so that a later launcher can stop it if this one is killed. */
export function remember(dataDir: string, record: ProcessRecord): void {
  write(dataDir, [...readRecords(dataDir), record]);
}

/** Removes a child that has ended. */
export function forget(dataDir: string, { pid, startTime }: ProcessRecord): void {
  write(
    dataDir,
    readRecords(dataDir).filter((other) => other.pid !== pid || other.startTime !== startTime),
  );
}

/** The recorded children in the order of their start. */
export function readRecords(dataDir: string): ProcessRecord[] {
  return readJson<ProcessRecord[]>(recordsFile(dataDir)) ?? [];
}

/**
 * Stops what a killed launcher left running, by recorded pid and start time: asks first, then kills. Returns
 * the names of the stopped processes.
 */
export async function stopLeftovers(dataDir: string): Promise<string[]> {
  const leftovers = readRecords(dataDir).filter(isRunning);
  await Promise.all(leftovers.map((record) => endProcess(record, LEFTOVER_GRACE_MS)));
  const left = leftovers.find(isRunning);
  if (left) throw new PlainError(`Process ${left.pid} (${left.name}) of an earlier start cannot be stopped.`);
  write(dataDir, []);
  return leftovers.map((record) => record.name);
}

/** Kills every running child and its group at once. */
export function killRecorded(dataDir: string): void {
  readRecords(dataDir).filter(isRunning).forEach(killGroup);
}

/**
 * Asks a process to end and waits for it and its descendants. After `graceMs`, or at once if that is 0, it is
 * killed with its group.
 */
export async function endProcess(record: ProcessRecord, graceMs: number): Promise<void> {
  const family = processTree([record.pid]);
  if (isRunning(record)) {
    if (graceMs > 0) send(record.pid, record.stopSignal);
    send(record.pid, 'SIGCONT'); // a suspended process could not react
  }
  if (!(await areGone([record], graceMs))) killGroup(record);
  if (!(await areGone(family, DESCENDANTS_MS)))
    for (const row of family.filter(isRunning)) send(row.pid, 'SIGKILL');
}

/** Signals a process, or a group if negative; no error if it has ended already. */
export function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPERM')
      throw new PlainError(
        `Process ${Math.abs(pid)} of an earlier start still runs and belongs to another user: stop it first.`,
      );
    // ESRCH: it ended meanwhile
  }
}

/** Every child leads a process group, so that its own children are killed with it. */
function killGroup({ pid }: ProcessRecord): void {
  send(-pid, 'SIGKILL');
  send(pid, 'SIGKILL');
}

async function areGone(rows: Pick<ProcessRow, 'pid' | 'startTime'>[], withinMs: number): Promise<boolean> {
  for (const giveUpAt = Date.now() + withinMs; rows.some(isRunning); await delay(20))
    if (Date.now() >= giveUpAt) return false;
  return true;
}

function write(dataDir: string, records: ProcessRecord[]): void {
  const file = recordsFile(dataDir);
  mkdirSync(join(dataDir, 'run'), { recursive: true });
  writeFileSync(`${file}.new`, JSON.stringify(records, null, 2));
  renameSync(`${file}.new`, file);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describeProcess, forget, readRecords, remember, stopLeftovers } from './process-record.ts';
import { findProcess, processTree } from './process-table.ts';

let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'suivi-unit-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

async function sleeper(): Promise<{ child: ChildProcess; pid: number; ended: Promise<unknown[]> }> {
  const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
  children.push(child);
  await once(child, 'spawn');
  return { child, pid: child.pid!, ended: once(child, 'exit') };
}

test('a process is found with its parent and its memory, and not once it has ended', async () => {
  const { child, pid, ended } = await sleeper();
  expect(findProcess(pid)).toMatchObject({ pid, parent: process.pid, command: 'sleep' });
  expect(processTree([process.pid]).map((row) => row.pid)).toContain(pid);
  expect(processTree([process.pid])[0]!.rss).toBeGreaterThan(1_000_000);
  child.kill('SIGKILL');
  await ended;
  expect(findProcess(pid)).toBeUndefined();
});

test('a process that ended and that its parent has not asked about is none', async () => {
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(parent);
  const [line] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  // only now: before, the pid belongs to the shell and not to the program that replaces it
  while (findProcess(parent.pid!)?.command !== 'sleep') await setImmediate();
  process.kill(pid, 'SIGKILL');
  while (findProcess(pid)) await setImmediate();
  expect(() => process.kill(pid, 0)).not.toThrow();
});

test('records keep the order of the starts, and a child that ended is struck out', async () => {
  const [one, two] = [await sleeper(), await sleeper()];
  const records = [one, two].map(({ pid }, index) => describeProcess(`child-${index}`, pid, 'SIGTERM'));
  for (const record of records) remember(dataDir, record);
  expect(readRecords(dataDir)).toEqual(records);
  forget(dataDir, records[0]!);
  expect(readRecords(dataDir)).toEqual([records[1]]);
});

test('leftovers are stopped with the signal that each wants', async () => {
  const { pid, ended } = await sleeper();
  remember(dataDir, describeProcess('postgres', pid, 'SIGINT'));
  expect(await stopLeftovers(dataDir)).toEqual(['postgres']);
  expect(await ended).toEqual([null, 'SIGINT']);
  expect(readRecords(dataDir)).toEqual([]);
});

test('a stranger that got the pid of a leftover is left alone', async () => {
  const { child, pid } = await sleeper();
  remember(dataDir, { ...describeProcess('nats', pid, 'SIGTERM'), startTime: 'another boot/1' });
  expect(await stopLeftovers(dataDir)).toEqual([]);
  expect(child.exitCode ?? child.signalCode).toBeNull();
  expect(findProcess(pid)).toBeDefined();
});

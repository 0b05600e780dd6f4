import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, stopChild, type Child, type ChildSpec } from './child.ts';
import { readRecords } from './process-record.ts';
import { findProcess, processTree } from './process-table.ts';

let dataDir: string;
const started: Child[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'suivi-unit-'));
  mkdirSync(join(dataDir, 'logs'));
});

afterEach(async () => {
  for (const child of started.splice(0)) if (!child.hasEnded()) await stopChild(child, 0);
  rmSync(dataDir, { recursive: true, force: true });
});

/** A shell script that says it is ready by making a file. */
async function start(script: string, spec: Partial<ChildSpec> = {}, signal?: AbortSignal): Promise<Child> {
  const child = await startChild(
    {
      name: 'probe',
      title: 'The probe',
      file: 'sh',
      args: ['-c', script],
      cwd: dataDir,
      env: { PATH: process.env.PATH },
      stopSignal: 'SIGTERM',
      ready: () => Promise.resolve(existsSync(join(dataDir, 'ready'))),
      readyWithinMs: 10_000,
      ...spec,
    },
    dataDir,
    signal,
  );
  started.push(child);
  return child;
}

test('a child serves, is written down while it runs, logs, and leads a session of its own', async () => {
  const child = await start('echo hello; echo oops >&2; touch ready; exec sleep 60');
  expect(readRecords(dataDir)).toMatchObject([{ name: 'probe', pid: child.pid, stopSignal: 'SIGTERM' }]);
  expect(readFileSync(join(dataDir, 'logs/probe.log'), 'utf8')).toBe('hello\noops\n');
  expect(() => process.kill(-child.pid, 0)).not.toThrow();
  await stopChild(child, 5_000);
  expect(await child.ended).toBe('signal SIGTERM');
  expect(readRecords(dataDir)).toEqual([]);
});

test('one that ends early is told with the end of its log, not with that of an earlier run', async () => {
  await expect(start('echo old trouble; exit 1')).rejects.toThrow('old trouble');
  const script = `echo 'bad config: no port'; echo '    at main (x.js:1:1)'; exit 3`;
  const refusal = (await start(script).catch((error: unknown) => error)) as Error;
  expect(refusal.message).toBe(
    `The probe ended while it started (exit code 3). The end of ${join(dataDir, 'logs/probe.log')}:\n    bad config: no port`,
  );
});

test('one that ends early is not taken for ready because something else answers', async () => {
  await expect(
    start('exit 1', { ready: () => new Promise((resolve) => setTimeout(resolve, 100, true)) }),
  ).rejects.toThrow('ended while it started');
});

test('a full disk is told as such', async () => {
  await expect(start('echo "FATAL: could not write: No space left on device"; exit 1')).rejects.toThrow(
    `The disk that holds ${dataDir} is full.`,
  );
});

test('a program that does not exist is told as such', async () => {
  await expect(start('', { file: join(dataDir, 'nothing') })).rejects.toThrow(
    'The probe could not be started',
  );
});

test('one that never serves is stopped and told', async () => {
  await expect(start('exec sleep 60', { readyWithinMs: 300 })).rejects.toThrow('was not ready within 0.3 s');
  expect(processTree([process.pid]).some((row) => row.command === 'sleep')).toBe(false);
});

test('a start that is broken off leaves nothing behind', async () => {
  const abort = new AbortController();
  const starting = start(
    'exec sleep 60',
    { ready: () => (abort.abort(), Promise.resolve(false)) },
    abort.signal,
  );
  await expect(starting).rejects.toThrow('aborted');
  expect(readRecords(dataDir)).toEqual([]);
});

test('one that will not end is killed when its time is up, with what it had started', async () => {
  const child = await start(`trap '' TERM; sleep 60 & touch ready; while :; do sleep 1; done`);
  const family = processTree([child.pid]).map((row) => row.pid);
  expect(family.length).toBeGreaterThan(1);
  await stopChild(child, 200);
  expect(await child.ended).toBe('signal SIGKILL');
  expect(family.filter((pid) => findProcess(pid))).toEqual([]);
});

test('one that was suspended still ends when asked', async () => {
  const child = await start('touch ready; exec sleep 60');
  process.kill(child.pid, 'SIGSTOP');
  await stopChild(child, 10_000);
  expect(await child.ended).toBe('signal SIGTERM');
});

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild } from './child.ts';
import type { ChildName } from './parts.ts';
import { supervise, type Supervisor } from './supervisor.ts';

let dataDir: string;
let supervisor: Supervisor;
let ends: string[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'suivi-unit-'));
  mkdirSync(join(dataDir, 'logs'));
  ends = [];
});

afterEach(async () => {
  await supervisor.stopAll();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Children that only sleep; returns the reports of the next crash and the next restart. */
function create(restartCrashed: boolean, launches = { count: 0 }) {
  let onCrash = (_: string) => {};
  let onRestart = (_: string) => {};
  const crashed = new Promise<string>((resolve) => (onCrash = resolve));
  const restarted = new Promise<string>((resolve) => (onRestart = resolve));
  supervisor = supervise({
    launch: async (name, signal) => {
      launches.count++;
      const child = await startChild(
        {
          name,
          title: name,
          file: 'sleep',
          args: ['60'],
          cwd: dataDir,
          env: { PATH: process.env.PATH },
          stopSignal: 'SIGTERM',
          ready: () => Promise.resolve(true),
          readyWithinMs: 10_000,
        },
        dataDir,
        signal,
      );
      void child.ended.then((how) => ends.push(`${name} ${how}`));
      return child;
    },
    restartCrashed,
    onCrash: (name, text) => onCrash(`${name} ${text}`),
    onRestart: (name) => onRestart(name),
  });
  return { crashed, restarted, launches };
}

test('a child that dies is started again, and it is said', async () => {
  const { crashed, restarted } = create(true);
  await supervisor.start('nats');
  const before = supervisor.pid('nats');
  await supervisor.kill('nats', 'SIGKILL');
  expect(await crashed).toBe('nats ended (signal SIGKILL); it is started again in 0.5 s');
  expect(await restarted).toBe('nats');
  expect(supervisor.pid('nats')).not.toBe(before);
});

test('a child that dies stays dead where nobody wants it restarted, and can be started by hand', async () => {
  const { crashed, launches } = create(false);
  await supervisor.start('nats');
  await supervisor.kill('nats', 'SIGKILL');
  expect(await crashed).toBe('nats ended (signal SIGKILL)');
  expect(supervisor.pid('nats')).toBeUndefined();
  await supervisor.start('nats');
  expect(launches.count).toBe(2);
});

test('a child that is stopped is no crash', async () => {
  const { crashed } = create(true);
  await supervisor.start('nats');
  await supervisor.stop('nats');
  expect(await Promise.race([crashed, Promise.resolve('none')])).toBe('none');
});

test('a start joins one that is under way', async () => {
  const { launches } = create(false);
  await Promise.all([supervisor.start('nats'), supervisor.start('nats')]);
  expect(launches.count).toBe(1);
  await expect(supervisor.start('nats')).rejects.toThrow('runs already');
});

test('everything stops, workers first and the database last', async () => {
  create(true);
  const names: ChildName[] = ['postgres', 'temporal', 'services', 'workers'];
  await Promise.all(names.map((name) => supervisor.start(name)));
  await supervisor.stopAll();
  expect(ends).toEqual(
    ['workers', 'services', 'temporal', 'postgres'].map((name) => `${name} signal SIGTERM`),
  );
});

import { jest } from '@jest/globals';
import { connectTo, PORTS } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchSuivi, said, stopLaunched, type Launched } from './launch.ts';

jest.setTimeout(240_000);

const root = join(import.meta.dirname, '../..');
const dataDir = join(mkdtempSync(join(tmpdir(), 'suivi-launcher-')), 'data');
let offset: number;
let release: () => Promise<void>;
const launched: Launched[] = [];

beforeAll(async () => {
  ({ offset, release } = await reservePortOffset(Object.values(PORTS)));
});

afterAll(async () => {
  for (const one of launched) await stopLaunched(one);
  await release();
  rmSync(join(dataDir, '..'), { recursive: true, force: true });
});

const environment = (): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  DATA_DIR: dataDir,
  PORT_OFFSET: String(offset),
});

function launch(): Launched {
  const start = launchSuivi(root, environment());
  launched.push(start);
  return start;
}

const ready = (launch: Launched) => said(launch, /^READY in [\d.]+ s · memory \d+ MB$/m);

/** Runs a script of the project to its end. */
async function run(
  script: string,
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  return await new Promise((resolve) =>
    execFile(
      process.execPath,
      ['--import', 'tsx', `tools/${script}.ts`, ...args],
      { cwd: root, env: environment() },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    ),
  );
}

const recordedPids = (): number[] =>
  (JSON.parse(readFileSync(join(dataDir, 'run/processes.json'), 'utf8')) as { pid: number }[]).map(
    ({ pid }) => pid,
  );

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // one that has ended and that nobody has asked about yet is not alive
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function listClients() {
  const { stdout } = await run('token', '--sub', 'alice', '--expires', '5m');
  const address = `127.0.0.1:${PORTS.clients + offset}`;
  const clients = connectTo(ClientBaseServiceService, address, () => Promise.resolve(stdout.trim()));
  try {
    const { clients: found } = await clients.list({});
    if (found.length === 0) await clients.create({ nom: 'Durable' });
    return found.map(({ nom }) => nom);
  } finally {
    clients.close();
  }
}

test('a platform’s life: start, refuse a second, die, come back with its data, stop, be emptied', async () => {
  const first = launch();
  await ready(first);
  expect(first.output()).toContain('Temporal UI');
  expect(first.output()).toMatch(/grpcurl -plaintext -H "authorization: Bearer \$TOKEN"/);
  expect(await listClients()).toEqual([]);

  const second = launch();
  expect(await second.ended).toBe(1);
  expect(second.output()).toContain('already runs');
  const refused = await run('reset');
  expect(refused.code).not.toBe(0);
  expect(existsSync(join(dataDir, 'secrets.json'))).toBe(true);

  const orphans = recordedPids().filter((pid) => pid !== first.child.pid);
  first.child.kill('SIGKILL');
  await first.ended;
  expect(orphans.some(isAlive)).toBe(true);
  const third = launch();
  await ready(third);
  expect(orphans.filter(isAlive)).toEqual([]);
  expect(await listClients()).toEqual(['Durable']);

  const running = recordedPids();
  const stoppedAt = performance.now();
  process.kill(-third.child.pid!, 'SIGINT');
  expect(await third.ended).toBe(0);
  console.log(`stopped in ${((performance.now() - stoppedAt) / 1000).toFixed(1)} s`);
  expect(running.filter(isAlive)).toEqual([]);

  const emptied = await run('reset');
  expect(emptied.code).toBe(0);
  expect(existsSync(join(dataDir, 'secrets.json'))).toBe(false);
});

test('a taken port is one clear sentence that offers another, and leaves nothing behind', async () => {
  const server = createServer().listen(4222 + offset, '127.0.0.1');
  await once(server, 'listening');
  try {
    const launch1 = launch();
    expect(await launch1.ended).toBe(1);
    expect(launch1.output()).toMatch(
      new RegExp(`Port ${4222 + offset} .* is taken .*PORT_OFFSET=\\d+ npm start`),
    );
    expect(recordedPids().filter(isAlive)).toEqual([]);
  } finally {
    server.close();
  }
});

test('a wrong setting is refused by its name', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/main.ts', 'clients'], {
    cwd: root,
    env: { PATH: process.env.PATH, DATABASE_URL: 'postgresql://127.0.0.1/none', JWT_SECRET: 'short' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  expect(code).toBe(1);
  expect(stderr).toContain('JWT_SECRET');
  expect(stderr).not.toContain('short');
});

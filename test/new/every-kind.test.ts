import { jest } from '@jest/globals';
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyOfTree } from './copy-of-tree.ts';

const MINUTE = 60_000;
jest.setTimeout(20 * MINUTE);

let folder: string;

/** Runs a program in the copy; what it said is in the error where it fails. */
async function run(program: string, ...args: string[]): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false' };
  try {
    const { stdout } = await promisify(execFile)(program, args, {
      cwd: folder,
      env,
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} ${args.join(' ')}\n${stdout.slice(-20_000)}\n${stderr.slice(-10_000)}`);
  }
}
const bin = (name: string, ...args: string[]) => run(join(folder, 'node_modules/.bin', name), ...args);
const npm = (...args: string[]) => run('npm', 'run', '-s', ...args);
const writeNew = (...args: string[]) => npm('new', '--', ...args);

// each builds on those before it, and histories are recorded on one platform
beforeAll(async () => {
  folder = copyOfTree();
  await writeNew('service', 'fournisseurs');
  await writeNew(
    'event',
    'devis.accepted',
    '--publisher',
    'fournisseurs.FournisseurService/Create',
    '--no-record',
  );
  // of an event whose runs are open, by a service that no handler calls yet; and of a new one
  await writeNew(
    'handler',
    'recordSupplier',
    '--event',
    'client.created',
    '--service',
    'fournisseurs',
    '--no-record',
  );
  await writeNew(
    ...['handler', 'createQuoteTask', '--event', 'devis.accepted', '--service', 'activites'],
    ...['--rpc', 'TacheService/Create', '--no-record'],
  );
  await writeNew('workflow', 'quote-reminder', '--no-record');
  await npm('histories');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('types are right, and each rule of the house is kept', async () => {
  await npm('typecheck');
  await npm('lint');
  const apart = ['--exclude-path', 'proto/buf', '--exclude-path', 'proto/grpc'];
  await bin('buf', 'format', '--diff', '--exit-code', 'proto', ...apart);
});

test('what docs, containers and manifests say is so', async () => {
  await npm('test:unit', '--', '--testPathPatterns', 'test/(docs|docker|security)', 'tools', 'workflows');
});

test('what runs goes on, and what is new runs on a skipping clock', async () => {
  await npm(
    'test:workflow',
    '--',
    '--testPathPatterns',
    'workflows/(events|client-created|quote-reminder)',
    'replay/replay.test',
  );
});

test('on the real platform each does what it is for', async () => {
  await npm(
    'jest',
    '--',
    '--selectProjects',
    'stack',
    '--testPathPatterns',
    'e2e/fournisseurs',
    'events/every-event',
    'test/auth/tokens',
    'prisma/migrations',
  );
});

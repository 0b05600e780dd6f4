import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { startChild, type Child, type ChildSpec } from './child.ts';
import { diskFull, saysDiskFull } from './disk-error.ts';
import { PlainError } from './plain-error.ts';
import { postgresBinaries } from './postgres-binaries.ts';
import { findProcess } from './process-table.ts';
import { systemEnvironment, type ServerContext } from './server.ts';

const USER = 'suivi';
const DATABASE = 'crm';

/** How long the processes of a killed server may hold its shared memory. */
const PREDECESSOR_MS = 5_000;
const PREDECESSOR_LEFT = /pre-existing shared memory block|lock file ".*" already exists/;

interface Account {
  uid: number;
  gid: number;
}

/** The connection string of the launcher's PostgreSQL. */
export function postgresUrl(port: number, password: string, database = DATABASE): string {
  return `postgresql://${USER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
}

/**
 * Starts PostgreSQL 18 on 127.0.0.1 only, without a Unix socket, with password authentication. Creates the
 * cluster and the database at the first start. PostgreSQL refuses to run as root, so it then runs under
 * another account.
 */
export async function startPostgres(context: ServerContext): Promise<Child> {
  const { dataDir, ports, secrets, signal } = context;
  const folder = join(dataDir, 'postgres');
  const account = accountFor(folder);
  const native = postgresBinaries(account !== undefined);
  if (!existsSync(folder)) await createCluster(native, folder, account, context);
  const spec: ChildSpec = {
    name: 'postgres',
    title: 'PostgreSQL',
    file: join(native, 'bin/postgres'),
    args: ['-D', enteredFolder(folder), ...settings(ports.postgres)],
    cwd: folder,
    env: systemEnvironment(),
    account,
    stopSignal: 'SIGINT', // "fast shutdown": open sessions are ended, everything committed is kept
    ready: () => ensureDatabase(ports.postgres, secrets.postgresPassword),
    readyWithinMs: 60_000,
  };
  for (const giveUpAt = Date.now() + PREDECESSOR_MS; ; await delay(200)) {
    removeStaleLock(folder);
    try {
      return await startChild(spec, dataDir, signal);
    } catch (error) {
      const inUse = error instanceof PlainError && PREDECESSOR_LEFT.test(error.message);
      if (!inUse || Date.now() > giveUpAt) throw error;
    }
  }
}

function settings(port: number): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 100,
    timezone: 'UTC',
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/**
 * How the server is told its folder. A checkout often lies where the other account cannot go (root's home),
 * but the folder that the server is started in is open to it, so the path is relative to that. It is so for
 * every account, so that only one way has to work.
 */
function enteredFolder(folder: string): string {
  return process.platform === 'linux' ? '/proc/self/cwd' : folder;
}

/** Undefined unless we are root: then the owner of an existing cluster, else `nobody`, else `postgres`. */
function accountFor(folder: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(folder, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['nobody', 'postgres']) {
    const [, , uid, gid] = accounts.find(([account]) => account === name) ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new PlainError(
    'PostgreSQL cannot run as root, and there is no account `nobody`. Start Suivi as another user.',
  );
}

/**
 * Runs initdb into a temporary folder and renames it when it is complete, so that an aborted one is made
 * again.
 */
async function createCluster(
  native: string,
  folder: string,
  account: Account | undefined,
  context: ServerContext,
): Promise<void> {
  context.onDetail('creating the database');
  const draft = `${folder}.new`;
  const passwordFolder = mkdtempSync(join(tmpdir(), 'suivi-'));
  const passwordFile = join(passwordFolder, 'password');
  try {
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { mode: 0o700 });
    writeFileSync(passwordFile, context.secrets.postgresPassword, { mode: 0o600 });
    if (account)
      for (const path of [draft, passwordFolder, passwordFile]) chownSync(path, account.uid, account.gid);
    await promisify(execFile)(
      join(native, 'bin/initdb'),
      [
        ...['--pgdata', enteredFolder(draft), '--username', USER, '--pwfile', passwordFile],
        ...'--auth scram-sha-256 --encoding UTF8 --no-instructions'.split(' '),
        // The built-in locale provider sorts the same on every machine.
        ...'--locale C --locale-provider builtin --builtin-locale C.UTF-8'.split(' '),
      ],
      { cwd: draft, env: systemEnvironment(), signal: context.signal, ...account },
    );
    renameSync(draft, folder);
  } catch (error) {
    context.signal?.throwIfAborted();
    const { stderr, message } = error as Error & { stderr?: string };
    if (saysDiskFull(stderr ?? message)) throw diskFull(context.dataDir);
    throw stderr === undefined
      ? error
      : new PlainError(`PostgreSQL could not create its database: ${stderr.trim()}`);
  } finally {
    rmSync(draft, { recursive: true, force: true });
    rmSync(passwordFolder, { recursive: true, force: true });
  }
}

/**
 * After a reboot, in a fresh container, or if the old server was not reaped, the pid in a killed server's
 * lock file can belong to another process, and PostgreSQL would take that for a running server.
 */
function removeStaleLock(folder: string): void {
  const file = join(folder, 'postmaster.pid');
  if (!existsSync(file)) return;
  const owner = findProcess(Number.parseInt(readFileSync(file, 'utf8'), 10));
  if (owner?.command !== 'postgres') rmSync(file, { force: true });
}

/** Whether the database can be used. Creates it if the server has none. */
async function ensureDatabase(port: number, password: string): Promise<boolean> {
  try {
    await query(postgresUrl(port, password), 'SELECT 1');
  } catch (error) {
    if ((error as { code?: string }).code !== '3D000') throw error; // invalid_catalog_name
    await query(postgresUrl(port, password, 'postgres'), `CREATE DATABASE ${DATABASE}`);
  }
  return true;
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 2_000, query_timeout: 10_000 });
  client.on('error', () => {}); // a server that goes away between two steps is noticed by the next step
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

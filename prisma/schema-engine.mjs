#!/usr/bin/env node
// Replaces Prisma's native schema engine, which the Prisma CLI would download on first use, by the same
// engine from npm in WebAssembly. Like the native one it speaks JSON-RPC 2.0 over stdin and stdout, one
// message per line. The CLI finds it through PRISMA_SCHEMA_ENGINE_BINARY and spawns it, so it is plain
// JavaScript.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const require = createRequire(import.meta.url);

/** PostgreSQL's type "char" (pg_type.dat), which adapter-pg cannot read, and bpchar, which it can. */
const CHAR_OID = 18;
const BPCHAR_OID = 1042;
/** The engine's query for constraints other than primary keys, unique and foreign keys. */
const CONSTRAINTS_OF_OTHER_KINDS = /(contype NOT IN \('p', 'u', 'f')\)/;

const { datamodels, datasource, command } = parseArguments(process.argv.slice(2));
if (command) await runCommand(command);
else serve(await loadEngine());

function parseArguments(argv) {
  const parsed = { datamodels: [], datasource: undefined, command: undefined };
  for (let i = 0; i < argv.length; i++) {
    if (argv[i] === '--datamodels') parsed.datamodels.push(argv[++i]);
    else if (argv[i] === '--datasource') parsed.datasource = JSON.parse(argv[++i]);
    else if (argv[i] === 'cli') parsed.command = argv[++i];
    else if (argv[i] === '--version' || argv[i] === '-V') {
      console.log(`schema-engine-cli ${require('@prisma/engines-version').enginesVersion}`);
      process.exit(0);
    }
  }
  return parsed;
}

/** The URL without Prisma's own parameters, which PostgreSQL would refuse. */
function connection() {
  const url = new URL(datasource.url);
  for (const name of ['schema', 'connection_limit', 'pool_timeout', 'connect_timeout'])
    url.searchParams.delete(name);
  return url;
}

/** `cli can-connect-to-database | create-database | drop-database`: commands with an exit code. */
async function runCommand(name) {
  const url = connection();
  const database = decodeURIComponent(url.pathname.slice(1));
  if (name !== 'can-connect-to-database') url.pathname = '/postgres';
  const client = new pg.Client({ connectionString: url.toString() });
  try {
    await client.connect();
    if (name === 'create-database') await client.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
    if (name === 'drop-database')
      await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(database)}`);
    await client.end();
    process.exit(0);
  } catch (error) {
    logLine('INFO', 'Starting schema engine CLI'); // the Prisma CLI drops the first line
    logLine('ERROR', error.message, { error_code: prismaCode(error), is_panic: false });
    process.exit(1);
  }
}

/** Prisma's error code for a connection error (https://www.prisma.io/docs/orm/reference/error-reference). */
function prismaCode(error) {
  if (error.code === '3D000') return 'P1003';
  if (error.code?.startsWith('28')) return 'P1000';
  return /ECONN|ENOTFOUND|EAI/.test(error.code ?? '') ? 'P1001' : undefined;
}

function logLine(level, message, extra) {
  process.stderr.write(
    JSON.stringify({ level, target: 'schema_engine::logger', fields: { message, ...extra } }) + '\n',
  );
}

async function loadEngine() {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasm = require
    .resolve('@prisma/schema-engine-wasm')
    .replace(/schema_engine\.js$/, 'schema_engine_bg.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(wasm), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  let engine;
  return () =>
    (engine ??= bindings.SchemaEngine.new(
      {
        datamodels: datamodels.length
          ? datamodels.map((path) => [path, readFileSync(path, 'utf8')])
          : undefined,
      },
      (line) => process.stderr.write(line + '\n'),
      bindMigrationAwareSqlAdapterFactory({
        provider: 'postgres',
        adapterName: '@prisma/adapter-pg',
        connect: () => openAdapter(connection().toString()),
        connectToShadowDb,
      }),
    ));
}

async function openAdapter(connectionString) {
  const adapter = await new PrismaPg({ connectionString, max: 1, idleTimeoutMillis: 0 }).connect();
  adapter.underlyingDriver().on('connect', (client) =>
    client.connection.prependListener('rowDescription', ({ fields }) => {
      for (const field of fields) if (field.dataTypeID === CHAR_OID) field.dataTypeID = BPCHAR_OID;
    }),
  );
  // PostgreSQL 18 lists NOT NULL among the constraints (contype 'n'), over which this engine panics
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = (query) =>
    queryRaw({ ...query, sql: query.sql.replace(CONSTRAINTS_OF_OTHER_KINDS, "$1, 'n')") });
  // adapter-pg splits a script at every semicolon, even within functions; PostgreSQL accepts it whole
  adapter.executeScript = async (script) => void (await adapter.underlyingDriver().query(script));
  return adapter;
}

/** A separate database for `migrate dev` and `migrate diff`. It is dropped after its pool is closed. */
async function connectToShadowDb() {
  const url = connection();
  const admin = new pg.Client({ connectionString: url.toString() });
  const name = `prisma_migrate_shadow_db_${crypto.randomUUID()}`;
  await admin.connect();
  await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  url.pathname = `/${name}`;
  const adapter = await openAdapter(url.toString());
  const dispose = adapter.dispose.bind(adapter);
  adapter.dispose = async () => {
    await dispose();
    await adapter
      .underlyingDriver()
      .end()
      .catch(() => {});
    await admin.query(`DROP DATABASE ${pg.escapeIdentifier(name)} WITH (FORCE)`);
    await admin.end();
  };
  return adapter;
}

function serve(engine) {
  const special = {
    getDatabaseVersion: (e) => e.version(null),
    reset: async (e, params) => (await e.reset(params), {}),
    createDatabase: () => ({ databaseName: connection().pathname.slice(1) }),
  };
  const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
  /** The engine's message when it panicked. */
  let panic;
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => (panic = message) };
  const refuse = (id, error) => {
    const data = {
      is_panic: false, // with `true` the CLI would ask for a bug report and end without the message
      message: panic ? `the schema engine panicked: ${panic}` : (error?.message ?? String(error)),
      meta: error?.meta ?? null,
      error_code: error?.code ?? null,
    };
    send({
      id,
      error: { code: 4466, message: 'An error happened. Check the data field for details.', data },
    });
  };
  let asked;
  // a panic is thrown outside of the call that caused it, which would otherwise never be answered
  process.on('uncaughtException', (error) => refuse(asked, error));
  async function answer({ id, method, params }) {
    asked = id;
    try {
      const e = await engine();
      if (!special[method] && typeof e[method] !== 'function') throw new Error(`no method ${method}`);
      const result = (await (special[method] ? special[method](e, params) : e[method](params))) ?? {};
      // the native engine sends the diff's text in a separate call and returns only the exit code
      if (method === 'diff' && result.stdout != null) {
        send({ id: 1e6 + id, method: 'print', params: { content: result.stdout } });
      }
      send({ id, result });
    } catch (error) {
      refuse(id, error);
    }
  }
  let queue = Promise.resolve();
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const message = JSON.parse(line);
    if (message.method) queue = queue.then(() => answer(message)); // other messages are answers to our `print` calls
  });
  lines.on('close', () => void queue.then(() => process.exit(0)));
}

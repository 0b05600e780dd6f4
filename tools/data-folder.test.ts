import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  dataFolderPath,
  ensureSecrets,
  isDataFolder,
  openDataFolder,
  readSecrets,
  ROOT,
  writeEnvFile,
} from './data-folder.ts';

let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'suivi-unit-'));
});

afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const mode = (file: string) => statSync(join(dataDir, file)).mode & 0o777;

test.each([
  [{}, join(ROOT, '.data')],
  [{ PORT_OFFSET: '1000' }, join(ROOT, '.data-1000')],
  [{ PORT_OFFSET: '1000', DATA_DIR: '/somewhere' }, '/somewhere'],
  [{ DATA_DIR: 'here' }, join(ROOT, 'here')],
])('%j keeps its data in %s', (env, path) => {
  expect(dataFolderPath(env)).toBe(path);
});

test('an empty or new folder is marked as ours and can be opened again', () => {
  const fresh = join(dataDir, 'a/b');
  openDataFolder(fresh);
  openDataFolder(fresh);
  expect(isDataFolder(fresh)).toBe(true);
  expect(readdirSync(fresh).sort()).toEqual(['.suivi', 'logs', 'run']);
});

test('a folder that holds other files is refused and left as it is', () => {
  writeFileSync(join(dataDir, 'thesis.txt'), 'mine');
  expect(() => openDataFolder(dataDir)).toThrow('holds other files (thesis.txt)');
  expect(isDataFolder(dataDir)).toBe(false);
  expect(readdirSync(dataDir)).toEqual(['thesis.txt']);
});

test('a path that cannot be a folder is told in a sentence', () => {
  writeFileSync(join(dataDir, 'file'), '');
  expect(() => openDataFolder(join(dataDir, 'file/data'))).toThrow(/cannot use .*DATA_DIR=/);
});

test('secrets are made once, are long, and are readable by their owner only', () => {
  expect(readSecrets(dataDir)).toBeUndefined();
  const made = ensureSecrets(dataDir);
  expect(Buffer.byteLength(made.jwtSecret)).toBeGreaterThanOrEqual(32);
  expect(mode('secrets.json')).toBe(0o600);
  expect(ensureSecrets(dataDir)).toEqual(made);
  expect(readSecrets(dataDir)).toEqual(made);
});

test('a folder of an earlier version keeps its secrets and gets the ones it lacks', () => {
  const { jwtSecret, postgresPassword } = ensureSecrets(dataDir);
  writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ jwtSecret, postgresPassword }));
  const completed = ensureSecrets(dataDir);
  expect(completed).toMatchObject({ jwtSecret, postgresPassword });
  expect(Buffer.from(completed.ibanKey, 'base64')).toHaveLength(32);
  expect(readSecrets(dataDir)).toEqual(completed);
});

test('lost secrets are not replaced beside a database that needs its password', () => {
  mkdirSync(join(dataDir, 'postgres'));
  expect(() => ensureSecrets(dataDir)).toThrow('is gone');
});

test('a shell reads back the settings, whatever they hold', () => {
  const hard = `it's a "test" $HOME \`id\` é`;
  writeEnvFile(dataDir, { HARD: hard, PLAIN: 'x' });
  expect(mode('env')).toBe(0o600);
  const script = 'set -a; . "$1"; set +a; printf "%s|%s" "$HARD" "$PLAIN"';
  const read = execFileSync('sh', ['-c', script, 'sh', join(dataDir, 'env')], { encoding: 'utf8' });
  expect(read).toBe(`${hard}|x`);
});

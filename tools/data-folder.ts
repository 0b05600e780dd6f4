import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statfsSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { explainDiskError } from './disk-error.ts';
import { PlainError } from './plain-error.ts';
import { parsePortOffset } from './ports.ts';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Marks a folder as ours to fill and to empty. */
const MARKER = '.suivi';
const MARKER_TEXT = 'Data of a local Suivi. `npm run reset` deletes everything in this folder.\n';

/** A first start takes about 150 MB. */
const LEAST_FREE_BYTES = 200 * 1024 * 1024;

export interface Secrets {
  jwtSecret: string;
  postgresPassword: string;
  /** The key for IBANs: 32 bytes in base64. */
  ibanKey: string;
  /** The key for the tokens of the console's sessions, likewise. */
  consoleKey: string;
}

/** The data folder: `DATA_DIR`, else `.data`, else `.data-<offset>` for a copy on other ports. Absolute. */
export function dataFolderPath(env: NodeJS.ProcessEnv): string {
  const offset = parsePortOffset(env.PORT_OFFSET);
  return resolve(ROOT, env.DATA_DIR || (offset === 0 ? '.data' : `.data-${offset}`));
}

/**
 * Creates the data folder if needed, with `logs` and `run`, and marks it as ours. Refuses a folder with other
 * content (a reset would delete it), one that cannot be written, and a disk that is nearly full.
 */
export function openDataFolder(dataDir: string): void {
  try {
    // PostgreSQL started by root runs under another account, which can enter through an inherited folder on
    // Linux only.
    mkdirSync(dataDir, { recursive: true, mode: process.platform === 'linux' ? 0o700 : 0o711 });
    if (!isDataFolder(dataDir)) {
      const [stranger] = readdirSync(dataDir);
      if (stranger !== undefined) {
        throw new PlainError(
          `${dataDir} holds other files (${stranger}). Name an empty or a new folder in DATA_DIR.`,
        );
      }
      writeFileSync(join(dataDir, MARKER), MARKER_TEXT);
    }
    for (const folder of ['logs', 'run']) mkdirSync(join(dataDir, folder), { recursive: true });
    const { bavail, bsize } = statfsSync(dataDir);
    if (bavail * bsize < LEAST_FREE_BYTES) {
      const free = Math.floor((bavail * bsize) / 1024 ** 2);
      throw new PlainError(
        `The disk that holds ${dataDir} has ${free} MB left and Suivi needs 200. ` +
          `Free some space, or move the data: DATA_DIR=/elsewhere npm start`,
      );
    }
  } catch (error) {
    throw explainDiskError(error, dataDir);
  }
}

/** Whether `openDataFolder` created the folder. */
export function isDataFolder(dataDir: string): boolean {
  return existsSync(join(dataDir, MARKER));
}

/** The secrets of the data folder. They are generated at the first start, and readable only by the owner. */
export function ensureSecrets(dataDir: string): Secrets {
  try {
    const made: Secrets = {
      jwtSecret: randomBytes(48).toString('base64url'),
      postgresPassword: randomBytes(24).toString('base64url'),
      ibanKey: randomBytes(32).toString('base64'),
      consoleKey: randomBytes(32).toString('base64'),
    };
    const known = readSecrets(dataDir);
    if (known && Object.keys(made).every((name) => name in known)) return known;
    if (!known && existsSync(join(dataDir, 'postgres'))) {
      throw new PlainError(
        `${secretsFile(dataDir)}, with the password of the database beside it, is gone. Put it back, or: npm run reset`,
      );
    }
    // a folder of an earlier version keeps its secrets and gets the missing ones
    const all = { ...made, ...known };
    writeFileSync(secretsFile(dataDir), JSON.stringify(all, null, 2), { mode: 0o600, flush: true });
    return all;
  } catch (error) {
    throw explainDiskError(error, dataDir);
  }
}

/** Undefined if Suivi has never been started on this data folder. */
export function readSecrets(dataDir: string): Secrets | undefined {
  try {
    return JSON.parse(readFileSync(secretsFile(dataDir), 'utf8')) as Secrets;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    if (error instanceof SyntaxError)
      throw new PlainError(`${secretsFile(dataDir)} is damaged: npm run reset makes a new one.`);
    throw error;
  }
}

/** Writes `<dataDir>/env`, for a shell: `set -a; . <dataDir>/env`. Contains secrets. */
export function writeEnvFile(dataDir: string, env: Record<string, string>): void {
  const lines = Object.entries(env).map(([name, value]) => `${name}='${value.replaceAll("'", `'\\''`)}'\n`);
  try {
    writeFileSync(join(dataDir, 'env'), lines.join(''), { mode: 0o600 });
  } catch (error) {
    throw explainDiskError(error, dataDir);
  }
}

/** A path for people: relative to the checkout if it is inside. */
export function shortPath(path: string): string {
  const short = relative(ROOT, path);
  return short === '' || short.startsWith('..') ? path : short;
}

function secretsFile(dataDir: string): string {
  return join(dataDir, 'secrets.json');
}

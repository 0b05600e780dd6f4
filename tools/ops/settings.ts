import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { dataFolderPath } from '../data-folder.ts';
import { PlainError } from '../plain-error.ts';

/** A setting from the environment, or else from the local platform that was started last. */
export function setting(name: string): string {
  const file = join(dataFolderPath(process.env), 'env');
  const local = existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {};
  const value = process.env[name] || local[name];
  if (!value)
    throw new PlainError(`${name} is not set, and no local platform has been started here (npm start).`);
  return value;
}

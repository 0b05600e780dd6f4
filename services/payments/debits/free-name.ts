import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A name that is free in the folder: the given one, or a variant of it. Banks give every day's file the same
 * name.
 */
export async function freeName(folder: string, name: string): Promise<string> {
  const taken = await lstat(join(folder, name)).then(
    () => true,
    () => false,
  );
  return taken
    ? `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}-${name}`
    : name;
}

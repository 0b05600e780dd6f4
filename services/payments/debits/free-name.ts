import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** The name, or one like it where another file has it: banks call every day's file the same. */
export async function freeName(folder: string, name: string): Promise<string> {
  const taken = await lstat(join(folder, name)).then(
    () => true,
    () => false,
  );
  return taken
    ? `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}-${name}`
    : name;
}

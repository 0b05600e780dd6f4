import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { lock } from 'proper-lockfile';

/** A lock that was not renewed for this long belongs to a dead process. A running process renews its own. */
const STALE_MS = 20_000;

/**
 * Runs work that only one process of this machine may do at a time; others wait. `lockFolder` exists
 * meanwhile.
 */
export async function oneAtATime<T>(lockFolder: string, work: () => T | Promise<T>): Promise<T> {
  mkdirSync(dirname(lockFolder), { recursive: true });
  const release = await lock(lockFolder, {
    lockfilePath: lockFolder,
    realpath: false, // the lock has no file next to it
    stale: STALE_MS,
    retries: { forever: true, factor: 1, minTimeout: 50 },
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

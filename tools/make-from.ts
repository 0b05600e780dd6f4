import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './data-folder.ts';
import { oneAtATime } from './one-at-a-time.ts';

/**
 * Makes something from sources, if these have changed since the last time. Several processes may ask for it at once.
 * Returns whether there was anything to do.
 * @param sources paths below the root
 * @param kept absolute paths of the file that remembers the sources, and of a lock
 */
export async function makeFrom(
  sources: string[],
  kept: { stamp: string; lock: string },
  make: () => Promise<void>,
): Promise<boolean> {
  const hash = createHash('sha256');
  for (const source of [...sources].sort()) hash.update(source).update(readFileSync(join(ROOT, source)));
  const wanted = hash.digest('hex');
  const isFresh = () => existsSync(kept.stamp) && readFileSync(kept.stamp, 'utf8') === wanted;
  if (isFresh()) return false;
  return await oneAtATime(kept.lock, async () => {
    if (isFresh()) return false;
    await make();
    writeFileSync(kept.stamp, wanted);
    return true;
  });
}

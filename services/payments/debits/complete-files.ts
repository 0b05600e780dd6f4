import { lstat, readdir } from 'node:fs/promises';

/**
 * A file is complete when it has not changed for this long. That also covers a file that was renamed into the
 * folder.
 */
const QUIET_MS = 2_000;
/** The most files in one look. */
const AT_ONCE = 100;
/** Names that programs give to files that they are still writing. */
const UNFINISHED = /^\.|\.(part|partial|tmp|filepart|crdownload)$|~$/i;

type Seen = { size: number; mtimeMs: number; since: number };

/**
 * Creates a function that lists the complete files of a folder: those that have not changed since its earlier
 * looks. It uses this process's clock, because a mounted folder may have another one. Names are bytes, as on
 * the file system, because they need not be UTF-8.
 */
export function completeFiles(folder: string, clock: () => number = () => performance.now()) {
  let seen = new Map<string, Seen>();
  return async (): Promise<Buffer[]> => {
    const now = clock();
    const here = new Map<string, Seen>();
    const complete: Buffer[] = [];
    for (const name of await readdir(folder, { encoding: 'buffer' })) {
      const key = name.toString('latin1');
      if (UNFINISHED.test(key)) continue;
      const stats = await lstat(Buffer.concat([Buffer.from(`${folder}/`), name])).catch(() => undefined);
      if (!stats || stats.isDirectory()) continue;
      const { size, mtimeMs } = stats;
      const before = seen.get(key);
      const unchanged = before?.size === size && before.mtimeMs === mtimeMs;
      const since = unchanged ? before.since : now;
      here.set(key, { size, mtimeMs, since });
      if (now - since >= QUIET_MS && complete.length < AT_ONCE) complete.push(name);
    }
    seen = here;
    return complete;
  };
}

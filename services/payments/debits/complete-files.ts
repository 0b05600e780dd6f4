import { lstat, readdir } from 'node:fs/promises';

/** A file is complete when nothing has changed for this long; one that was renamed into the folder is, too. */
const QUIET_MS = 2_000;
/** Files in one look at most. */
const AT_ONCE = 100;
/** What programs call a file that they are still writing. */
const UNFINISHED = /^\.|\.(part|partial|tmp|filepart|crdownload)$|~$/i;

type Seen = { size: number; mtimeMs: number; since: number };

/**
 * Makes the function that names the files of a folder that nobody is writing any more, by what it saw of them before.
 * By its own clock: that of a mounted folder may be another. Names are bytes, as file systems have them.
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

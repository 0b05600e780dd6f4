import { randomUUID } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { access, lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '@crm/db';
import { inContext, type Logger } from '@crm/kit';
import { CanalRapport } from '@crm/proto/payments/payments';
import { completeFiles } from './complete-files.ts';
import { importReport, type Importer } from './import-report.ts';
import { keepAside, plainName } from './keep-aside.ts';
import { UnreadableReport } from './unreadable-report.ts';

/** Who is said to have imported what was put into the folder. */
const AUTEUR = 'dossier';
/** Of all advisory locks of the database, the inbox's. */
const LOCK = 6_302_054;
/** The lock is a transaction's, which is open while files are imported. */
const LOCK_MS = 30 * 60_000;
/** `<uuid>-<name>`, of a file that was taken in. */
const TAKEN = /^[0-9a-f-]{36}-(.*)$/s;

type Needs = { db: Db; log: Logger; folder: string };

/**
 * Makes the function that looks into the bank's inbox once and imports what is complete there. A file is first moved
 * to `.taken/`, under a name of its own, so that whoever puts another one under the same name replaces nothing; then it
 * is imported and goes to `done/`, or with its reason to `refused/`. What a process that died has left in `.taken/` the
 * next look completes. Of several processes one looks at a time; a dead one's lock ends with its connection.
 */
export function inbox({ db, log, folder }: Needs) {
  const taken = join(folder, '.taken');
  const [done, refused] = [join(folder, 'done'), join(folder, 'refused')];
  const complete = completeFiles(folder);

  return async function look(signal: AbortSignal): Promise<void> {
    for (const each of [taken, done, refused]) await mkdir(each, { recursive: true, mode: 0o700 });
    const names = await complete();
    if (names.length === 0 && (await readdir(taken)).length === 0) return;
    await db.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<[{ mine: boolean }]>`
          SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`;
        if (!lock.mine) return;
        let left = 0;
        for (const name of names) if (!(await takeIn(name))) left += 1;
        for (const name of await readdir(taken)) if (!(await take(name, signal))) left += 1;
        if (left > 0) throw new Error('not all could be imported');
      },
      { timeout: LOCK_MS },
    );
  };

  /** One that cannot be moved keeps no other back either. */
  async function takeIn(name: Buffer): Promise<boolean> {
    const own = `${randomUUID()}-${plainName(name.toString())}`;
    return await rename(Buffer.concat([Buffer.from(`${folder}/`), name]), join(taken, own)).then(
      () => true,
      (error: unknown) => {
        log.error({ code: codeOf(error) }, 'a bank report of the inbox could not be taken in yet');
        return false;
      },
    );
  }

  /** One that cannot be imported now keeps no other back. */
  async function take(name: string, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const path = join(taken, name);
    const plain = plainName(TAKEN.exec(name)?.[1] ?? name);
    const importer = { canal: CanalRapport.DOSSIER, auteur: AUTEUR, signal };
    return await inContext({ correlationId: name.slice(0, 36) }, async () => {
      try {
        await importOrRefuse(path, plain, importer);
        return true;
      } catch (error) {
        if (!signal.aborted) {
          // not the message: a path of a bank's file may have an account in it
          log.error({ code: codeOf(error) }, 'a bank report of the inbox could not be imported yet');
        }
        return false;
      }
    });
  }

  async function importOrRefuse(path: string, plain: string, importer: Importer): Promise<void> {
    try {
      const imported = await importReport(db, await fileSource(path, plain), importer);
      log.info(imported, 'bank report imported from the inbox');
    } catch (error) {
      if (!(error instanceof UnreadableReport)) throw error;
      log.warn({ reason: error.message }, 'bank report of the inbox refused');
      return await keepAside(refused, await freeName(refused, plain), error.message, { path });
    }
    await rename(path, join(done, await freeName(done, plain)));
  }
}

const codeOf = (error: unknown): string =>
  (error as { code?: string }).code ?? (error as Error).name ?? 'unknown';

/** @throws UnreadableReport for what is no file */
async function fileSource(path: string, nomFichier: string) {
  const stats = await lstat(path);
  if (!stats.isFile()) throw new UnreadableReport('not a file');
  // whoever still writes does so for nothing: it is read as long as it is now
  const end = Math.max(0, stats.size - 1);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  return {
    nomFichier,
    size: stats.size,
    open: () => createReadStream(path, { flags: flags as unknown as string, end }),
  };
}

/** The name, or one like it where another file has it: banks call every day's file the same. */
async function freeName(folder: string, name: string): Promise<string> {
  const taken = await access(join(folder, name)).then(
    () => true,
    () => false,
  );
  return taken
    ? `${new Date().toISOString().replace(/[:.]/g, '-')}-${randomUUID().slice(0, 8)}-${name}`
    : name;
}

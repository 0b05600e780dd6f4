import { close, constants, createReadStream, open } from 'node:fs';
import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Db } from '@crm/db';
import { inContext, type Logger } from '@crm/kit';
import { CanalRapport } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { fromFdPromise } from 'yauzl';
import { backOff } from './back-off.ts';
import { completeFiles } from '../debits/complete-files.ts';
import { errorCode } from './error-code.ts';
import { freeName } from '../debits/free-name.ts';
import { importReport } from './import-report.ts';
import { plainName } from './keep-aside.ts';
import type { RefusedFile } from './refused-files.ts';
import { UnreadableReport } from './unreadable-report.ts';

/** The importer's name for files of the folder. */
const AUTEUR = 'dossier';
/** The number of the inbox's advisory lock in the database. */
const LOCK = 6_302_054;
/** The lock belongs to a transaction, which stays open while files are imported. */
const LOCK_MS = 30 * 60_000;
/** `<uuid>-<name>`: the name of a taken file. Its report has that id. */
const TAKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(.*)$/s;

type Needs = {
  db: Db;
  log: Logger;
  folder: string;
  keepRefused(folder: 'inbox/refused', refused: RefusedFile): Promise<void>;
};

/**
 * Creates a function that looks into the inbox once and imports the complete files. A file is first moved to
 * `.taken/` under a name of its own, so that a new file with the same name cannot replace it. After the
 * import it goes to `done/`, or with the reason to `refused/`. The next look completes files that a dead
 * process left in `.taken/`. A file that failed for another reason is tried again later, less and less often.
 * Of several processes only one looks at a time; the lock of a dead process ends with its connection.
 */
export function inbox({ db, log, folder, keepRefused }: Needs) {
  const taken = join(folder, '.taken');
  const [done, refused] = [join(folder, 'done'), join(folder, 'refused')];
  const complete = completeFiles(folder);
  const failing = backOff();

  return async function look(signal: AbortSignal): Promise<void> {
    for (const each of [taken, done, refused]) await mkdir(each, { recursive: true, mode: 0o700 });
    const names = await complete();
    const waiting = async () => (await readdir(taken)).filter((name) => !failing.holds(name));
    if (names.length === 0 && (await waiting()).length === 0) return;
    await db.$transaction(
      async (tx) => {
        const [lock] = await tx.$queryRaw<[{ mine: boolean }]>`
          SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`;
        if (!lock.mine) return;
        for (const name of names) await takeIn(name);
        for (const name of await waiting()) await take(name, signal);
      },
      { timeout: LOCK_MS },
    );
  };

  /** A file that cannot be moved does not stop the others. */
  async function takeIn(name: Buffer): Promise<void> {
    const key = name.toString('latin1');
    if (failing.holds(key)) return;
    const own = `${v7()}-${plainName(name.toString())}`;
    await rename(Buffer.concat([Buffer.from(`${folder}/`), name]), join(taken, own)).then(
      () => failing.worked(key),
      (error: unknown) => {
        const againMs = failing.failed(key);
        log.error(
          { code: errorCode(error), againMs },
          'a bank report of the inbox could not be taken in yet',
        );
      },
    );
  }

  /** Nor does a file that cannot be imported now. */
  async function take(name: string, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const [, rapportId = v7(), nomFichier = name] = TAKEN.exec(name) ?? [];
    await inContext({ correlationId: rapportId }, async () => {
      try {
        await importOrRefuse(join(taken, name), { rapportId, nomFichier, signal });
        failing.worked(name);
      } catch (error) {
        if (signal.aborted) return;
        const againMs = failing.failed(name);
        log.error(
          { rapportId, code: errorCode(error), againMs },
          'a bank report of the inbox could not be imported yet',
        );
      }
    });
  }

  async function importOrRefuse(
    path: string,
    { nomFichier, ...own }: { rapportId: string; nomFichier: string; signal: AbortSignal },
  ): Promise<void> {
    const importer = { canal: CanalRapport.DOSSIER, auteur: AUTEUR, ...own };
    const { source, asItWas } = await fileSource(path, nomFichier);
    try {
      const imported = await importReport(db, source, importer);
      log.info(imported, 'bank report imported from the inbox');
    } catch (error) {
      if (!(error instanceof UnreadableReport)) throw error;
      // a file that is still being written cannot be refused
      await asItWas();
      log.warn({ reason: error.message }, 'bank report of the inbox refused');
      const refusal = { rapportId: own.rapportId, nomFichier, reason: error.message, file: { path } };
      return await keepRefused('inbox/refused', refusal);
    }
    await asItWas();
    await rename(path, join(done, await freeName(done, plainName(nomFichier))));
  }
}

/** The file changed although it had been stable for a while: somebody is still writing it. */
class StillWritten extends Error {
  override readonly name = 'StillWritten';
}

/**
 * The file as it is now; later changes are detected. Anything but a regular file is refused when it is read.
 */
async function fileSource(path: string, nomFichier: string) {
  const before = await lstat(path);
  const end = Math.max(0, before.size - 1);
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
  return {
    source: {
      nomFichier,
      size: before.size,
      open: () => {
        if (!before.isFile()) throw new UnreadableReport('not a file');
        return createReadStream(path, { flags: flags as unknown as string, end });
      },
      async openZip() {
        const fd = await promisify(open)(path, flags);
        return await fromFdPromise(fd).catch((error: unknown) => {
          close(fd, () => {});
          throw error;
        });
      },
    },
    /** @throws StillWritten */
    async asItWas() {
      const { size, mtimeMs } = await lstat(path);
      if (size !== before.size || mtimeMs !== before.mtimeMs) throw new StillWritten('still being written');
    },
  };
}

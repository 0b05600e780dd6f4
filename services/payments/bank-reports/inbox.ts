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

/** Who is said to have imported what was put into the folder. */
const AUTEUR = 'dossier';
/** Of all advisory locks of the database, the inbox's. */
const LOCK = 6_302_054;
/** The lock is a transaction's, which is open while files are imported. */
const LOCK_MS = 30 * 60_000;
/** `<uuid>-<name>`, of a file that was taken in; its report has that id. */
const TAKEN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(.*)$/s;

type Needs = {
  db: Db;
  log: Logger;
  folder: string;
  keepRefused(folder: 'inbox/refused', refused: RefusedFile): Promise<void>;
};

/**
 * Makes the function that looks into the bank's inbox once and imports what is complete there. A file is first moved
 * to `.taken/`, under a name of its own, so that whoever puts another one under the same name replaces nothing; then it
 * is imported and goes to `done/`, or with its reason to `refused/`. What a process that died has left in `.taken/` the
 * next look completes; what could not be imported for another reason it tries again, later and later. Of several
 * processes one looks at a time; a dead one's lock ends with its connection.
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

  /** One that cannot be moved keeps no other back. */
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

  /** Nor does one that cannot be imported now. */
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
      // half a file says nothing of the whole one
      await asItWas();
      log.warn({ reason: error.message }, 'bank report of the inbox refused');
      const refusal = { rapportId: own.rapportId, nomFichier, reason: error.message, file: { path } };
      return await keepRefused('inbox/refused', refusal);
    }
    await asItWas();
    await rename(path, join(done, await freeName(done, plainName(nomFichier))));
  }
}

/** Somebody goes on writing what had not changed for a while. */
class StillWritten extends Error {
  override readonly name = 'StillWritten';
}

/** A file as it is now; what is written to it afterwards is not read. What is no file is refused once it is to be read. */
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

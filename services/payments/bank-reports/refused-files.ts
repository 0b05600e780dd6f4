import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import { lstat, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code.ts';
import { freeName } from '../debits/free-name.ts';
import { keepAside, plainName, REASON } from './keep-aside.ts';
import { maskIbans } from './mask-ibans.ts';

/** The folders of refused files, within the bank's folder: from the inbox, and from calls. */
const FOLDERS = ['inbox/refused', 'unreadable'] as const;
/** The most refused files, however small they are. */
const MOST_FILES = 2_000;
/** The least space that a file takes on disk, in bytes. */
const BLOCK = 4_096;

type Needs = { db: Db; log: Logger; config: { BANK_DIR: string; BANK_REFUSED_MAX_MB: number } };
type Refused = { folder: (typeof FOLDERS)[number]; name: string; bytes: number; since: number };

/** A refused file to keep. */
export type RefusedFile = {
  rapportId: string;
  nomFichier: string;
  reason: string;
  file: { content: Uint8Array } | { path: string };
};

/**
 * Keeps refused files for people to look at, within a quota. The oldest are deleted, which is logged and
 * recorded with their reports. So nobody can fill the disk with bad files.
 */
export function refusedFiles({ db, log, config }: Needs) {
  const pathOf = ({ folder, name }: Pick<Refused, 'folder' | 'name'>) => join(config.BANK_DIR, folder, name);

  return async function keep(
    folder: Refused['folder'],
    { rapportId, nomFichier, reason, file }: RefusedFile,
  ): Promise<void> {
    const within = join(config.BANK_DIR, folder);
    // a file system error contains the file's name, which is then logged
    const name = await freeName(within, plainName(maskIbans(nomFichier, 200)));
    await keepAside(within, name, reason, file);
    await db.bankReport.updateMany({ where: { id: rapportId }, data: { fichier: `${folder}/${name}` } });
    await makeRoom().catch((error: unknown) => log.error({ code: errorCode(error) }, 'no room was made'));
  };

  async function makeRoom(): Promise<void> {
    const files = (await Promise.all(FOLDERS.map(listed))).flat().sort((a, b) => b.since - a.since);
    let bytes = 0;
    const gone = files.filter((file, at) => {
      bytes += file.bytes;
      return bytes > config.BANK_REFUSED_MAX_MB * 1024 * 1024 || at >= MOST_FILES;
    });
    for (const file of gone) {
      await unlink(pathOf(file));
      await unlink(`${pathOf(file)}${REASON}`).catch(() => {});
      const fichier = `${file.folder}/${file.name}`;
      const data = { effaceAt: new Date() };
      await db.bankReport.updateMany({ where: { fichier, effaceAt: null }, data });
      log.warn({ fichier, octets: file.bytes }, 'refused bank report deleted: BANK_REFUSED_MAX_MB is full');
    }
  }

  /** The refused files of a folder, with the time of their arrival. */
  async function listed(folder: Refused['folder']): Promise<Refused[]> {
    const names = await readdir(join(config.BANK_DIR, folder)).catch(() => []);
    const files: Refused[] = [];
    for (const name of names) {
      if (name.endsWith(REASON)) continue;
      const stats = await lstat(pathOf({ folder, name })).catch(() => undefined);
      if (!stats || stats.isDirectory()) continue;
      files.push({ folder, name, bytes: Math.max(stats.size, BLOCK) + BLOCK, since: stats.ctimeMs });
    }
    return files;
  }
}

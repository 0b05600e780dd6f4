import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '@crm/db';
import { unavailable, type Logger } from '@crm/kit';
import { initiatorOf, openCreditors, type CreditorDeps } from '../creditors/presented-creditors.ts';
import type { PostalAddress } from '../mandates/postal-address.ts';
import { renderDebits, type Debit } from './render-debits.ts';
import { mandateOf } from './sort-out.ts';

/** What writing files needs, and the folder. */
export type Outbox = CreditorDeps & { db: Db; folder: string; log: Logger };

/** A rendered file. The content is included only if it is small. */
export type Rendered = { taille: number; sha256: string; contenu: Buffer | undefined };

/** The number of presentations in memory at a time. */
const BATCH = 500;
/** The most bytes of a file in an answer: gRPC clients accept 4 MiB by default. */
const MOST_CONTENT = 3 * 1024 * 1024;

/**
 * Renders a file from its presentations, in pieces. @throws UnwritableDebit if a mandate was damaged since
 */
export async function* renderFile(
  deps: CreditorDeps & { db: Db },
  nomFichier: string,
): AsyncGenerator<string> {
  const { db } = deps;
  const { creanciers, ...file } = await db.bankFile.findUniqueOrThrow({ where: { nomFichier } });
  const creditorOf = openCreditors(creanciers, file.id, deps);
  const blocks = await db.presentation.groupBy({
    by: ['blocId', 'organisationId', 'sequenceType'],
    where: { fileId: file.id },
    _count: true,
    _sum: { montant: true },
    _min: { id: true },
    orderBy: { _min: { id: 'asc' } },
  });
  yield* renderDebits({
    ...file,
    initiator: initiatorOf(creanciers, deps),
    blocks: blocks.map(({ blocId, organisationId, sequenceType, _count: nombre, _sum }) => ({
      ...{ blocId, sequenceType, nombre, total: _sum.montant ?? 0n },
      creditor: creditorOf(organisationId),
      batches: () => batchesOf(deps, { fileId: file.id, blocId }),
    })),
  });
}

/** The debits of a block, in order of their ids. */
async function* batchesOf(
  { db, cipher }: CreditorDeps & { db: Db },
  block: { fileId: string; blocId: string },
): AsyncGenerator<Debit[]> {
  for (let last = ''; ;) {
    const presentations = await db.presentation.findMany({
      where: { ...block, id: { gt: last } },
      orderBy: { id: 'asc' },
      take: BATCH,
    });
    if (presentations.length === 0) return;
    const ids = [...new Set(presentations.map(({ mandatId }) => mandatId))];
    const mandates = await db.mandate.findMany({ where: { id: { in: ids } } });
    const byId = new Map(
      mandates.map(({ id, ...mandate }) => [id, mandateOf({ mandatId: id, ...mandate }, cipher)]),
    );
    yield presentations.map(({ id, mandatId, montant, libelle, adresse }) => ({
      ...{ endToEndId: id, montant, libelle },
      mandate: byId.get(mandatId)!,
      // the address of the presentation: the mandate's may have changed since
      adresse: adresse as PostalAddress | null,
    }));
    last = presentations.at(-1)!.id;
  }
}

/** Measures a file while its pieces are passed on. */
export async function measured(
  pieces: AsyncIterable<string>,
  take: (piece: Buffer) => unknown = () => {},
): Promise<Rendered> {
  const hash = createHash('sha256');
  let [taille, kept]: [number, Buffer[]] = [0, []];
  for await (const piece of pieces) {
    const bytes = Buffer.from(piece);
    hash.update(bytes);
    taille += bytes.length;
    if (taille > MOST_CONTENT) kept = [];
    else kept.push(bytes);
    await take(bytes);
  }
  const contenu = taille > MOST_CONTENT ? undefined : Buffer.concat(kept);
  return { taille, sha256: hash.digest('hex'), contenu };
}

/**
 * Writes every recorded file that is not in the bank's folder yet, also those of calls that died. A file is
 * written as a whole or not at all, and always with the same bytes. A failure is logged and does not stop the
 * others.
 * @param first the file that a caller waits for, which is written first
 * @returns that file, if it was written now
 * @throws UNAVAILABLE FICHIER_NON_ECRIT if that file could not be written
 */
export async function writePendingFiles(
  outbox: Outbox,
  first?: string,
  render: (nomFichier: string) => AsyncIterable<string> = (nomFichier) => renderFile(outbox, nomFichier),
): Promise<Rendered | undefined> {
  const pending = await outbox.db.bankFile.findMany({
    where: { writtenAt: null, ouvert: false },
    orderBy: { id: 'asc' },
    select: { id: true, nomFichier: true },
  });
  const isFirst = ({ nomFichier }: { nomFichier: string }) => nomFichier === first;
  let missing = false;
  let rendered: Rendered | undefined;
  for (const file of [...pending.filter(isFirst), ...pending.filter((one) => !isFirst(one))]) {
    try {
      const written = await writeOnce(outbox, file, render(file.nomFichier));
      if (isFirst(file)) rendered = written;
    } catch {
      // not the error itself: the renderer's messages contain IBANs and mandate references
      outbox.log.error({ file: file.id }, 'a file for the bank could not be written');
      missing ||= isFirst(file);
    }
  }
  // its debits are presented but not with the bank: without an error the caller would not call again
  if (missing) throw unavailable('FICHIER_NON_ECRIT', 'the file is recorded but could not be written yet');
  return rendered;
}

/**
 * Writes under a temporary name and syncs to disk first, so that nobody picks up half a file. Calls rename
 * one after the other, and not if another call has written the file since it was listed: the bank may have
 * taken it already, and would take it twice.
 */
async function writeOnce(
  { db, folder }: Outbox,
  { id, nomFichier }: { id: string; nomFichier: string },
  pieces: AsyncIterable<string>,
): Promise<Rendered> {
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `.${nomFichier}.${randomUUID()}`);
  let named = false;
  try {
    const rendered = await onDisk(unfinished, 'w', (file) =>
      measured(pieces, (piece) => file.writeFile(piece)),
    );
    await db.$transaction(async (tx) => {
      const [missing] = await tx.$queryRaw<{ id: string }[]>`
        SELECT id FROM payments.bank_files WHERE id = ${id} AND written_at IS NULL FOR UPDATE`;
      if (!missing) return;
      await rename(unfinished, join(folder, nomFichier));
      named = true;
      // sync the folder as well: after a power cut, a file that is recorded as written must exist
      await onDisk(folder, 'r', () => Promise.resolve());
      await tx.bankFile.update({ where: { id }, data: { writtenAt: new Date() } });
    });
    return rendered;
  } finally {
    if (!named) await rm(unfinished, { force: true });
  }
}

async function onDisk<R>(path: string, flags: string, change: (file: FileHandle) => Promise<R>): Promise<R> {
  const file = await open(path, flags, 0o600);
  try {
    const done = await change(file);
    await file.sync();
    return done;
  } finally {
    await file.close();
  }
}

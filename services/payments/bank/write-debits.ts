import { randomUUID } from 'node:crypto';
import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '@crm/db';
import { unavailable, type Logger } from '@crm/kit';
import { initiatorOf, openCreditors, type CreditorDeps } from './presented-creditors.ts';
import type { PostalAddress } from './postal-address.ts';
import { renderDebits } from './render-debits.ts';
import { mandateOf } from './sort-out.ts';

/** What files are made with, and where they go. */
export type Outbox = CreditorDeps & { db: Db; folder: string; log: Logger };

/** Renders a file from what was presented in it. @throws UnwritableDebit where a mandate was spoiled since */
export async function renderFile(deps: CreditorDeps, db: Db, nomFichier: string): Promise<Buffer> {
  const { cipher } = deps;
  const { creanciers, ...file } = await db.bankFile.findUniqueOrThrow({ where: { nomFichier } });
  const creditorOf = openCreditors(creanciers, file.id, deps);
  const presentations = await db.presentation.findMany({
    where: { fileId: file.id },
    orderBy: { id: 'asc' },
  });
  const mandates = await mandatesOf(db, [...new Set(presentations.map(({ mandatId }) => mandatId))]);
  const byId = new Map(
    mandates.map(({ id, ...mandate }) => [id, mandateOf({ mandatId: id, ...mandate }, cipher)]),
  );
  const debits = presentations.map(({ id, mandatId, organisationId, adresse, ...presentation }) => ({
    ...presentation,
    endToEndId: id,
    creditor: creditorOf(organisationId),
    mandate: byId.get(mandatId)!,
    // the presentation's, not the mandate's: that may have changed since
    adresse: adresse as PostalAddress | null,
  }));
  return Buffer.from(renderDebits({ ...file, initiator: initiatorOf(creanciers, deps), debits }));
}

/** In batches: a statement has 32,767 parameters at most. */
async function mandatesOf(db: Db, ids: string[]) {
  const found = [];
  for (let at = 0; at < ids.length; at += 5_000) {
    found.push(...(await db.mandate.findMany({ where: { id: { in: ids.slice(at, at + 5_000) } } })));
  }
  return found;
}

/**
 * Writes every file that was recorded and is not in the bank's folder yet: also one whose call died in between. Whole
 * or not at all, and the same bytes however often. One that cannot be written is logged and keeps no other back.
 * @param rendered a file whose content is at hand: it goes first, a caller waits for it
 * @throws UNAVAILABLE FICHIER_NON_ECRIT where it is that one that could not be written
 */
export async function writePendingFiles(
  outbox: Outbox,
  rendered?: { nomFichier: string; contenu: Buffer },
): Promise<void> {
  const pending = await outbox.db.bankFile.findMany({
    where: { writtenAt: null, ouvert: false },
    orderBy: { id: 'asc' },
    select: { id: true, nomFichier: true },
  });
  const atHand = ({ nomFichier }: { nomFichier: string }) => nomFichier === rendered?.nomFichier;
  let missing = false;
  for (const file of [...pending.filter(atHand), ...pending.filter((one) => !atHand(one))]) {
    try {
      const contenu = atHand(file) ? rendered!.contenu : await renderFile(outbox, outbox.db, file.nomFichier);
      await writeOnce(outbox, file, contenu);
    } catch {
      // not the error: the renderer's messages have IBANs and references of mandates in them
      outbox.log.error({ file: file.id }, 'a file for the bank could not be written');
      missing ||= atHand(file);
    }
  }
  // its debits are with nobody yet: a caller who is told otherwise would not come back
  if (missing) throw unavailable('FICHIER_NON_ECRIT', 'the file is recorded but could not be written yet');
}

/**
 * One call after the other, and not where another has written it since it was listed: the bank may have taken it from
 * the folder by then, and would take it again.
 */
async function writeOnce(
  { db, folder }: Outbox,
  { id, nomFichier }: { id: string; nomFichier: string },
  contenu: Buffer,
): Promise<void> {
  await db.$transaction(async (tx) => {
    const [missing] = await tx.$queryRaw<{ id: string }[]>`
      SELECT id FROM payments.bank_files WHERE id = ${id} AND written_at IS NULL FOR UPDATE`;
    if (!missing) return;
    await writeWhole(folder, nomFichier, contenu);
    await tx.bankFile.update({ where: { id }, data: { writtenAt: new Date() } });
  });
}

/** Under another name first, on the disk before it has its own: nobody ever picks up half a file. */
async function writeWhole(folder: string, name: string, content: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true });
  const unfinished = join(folder, `.${name}.${randomUUID()}`);
  await onDisk(unfinished, 'w', (file) => file.writeFile(content));
  await rename(unfinished, join(folder, name));
  // the new name, too: a machine that loses its power now must not forget a file that is recorded as written
  await onDisk(folder, 'r');
}

async function onDisk(
  path: string,
  flags: string,
  change?: (file: Awaited<ReturnType<typeof open>>) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await change?.(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

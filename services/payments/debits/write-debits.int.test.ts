import { openDb } from '@crm/db';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 } from 'uuid';
import { writePendingFiles, type Outbox } from './write-debits.ts';

const db = openDb(process.env.DATABASE_URL!, 3);
const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.$disconnect();
});

/** A recorded file. Files of other tests cannot be rendered here, because there is no cipher for them. */
async function recorded() {
  const id = v7();
  const data = { id, dateCollecte: '2026-01-05', nomFichier: `pain008-${id}.xml`, nombre: 0, total: 0n };
  const { nomFichier } = await db.bankFile.create({ data });
  const outbox = (at: string) => ({ db, folder: at, log: { error: () => {} } }) as unknown as Outbox;
  return {
    id,
    path: join(folder, nomFichier),
    write: (at = folder) =>
      writePendingFiles(outbox(at), nomFichier, async function* () {
        yield await Promise.resolve('<Document/>');
      }).then(() => {}),
    forget: () => db.bankFile.delete({ where: { id } }),
  };
}

test('a file that another call is writing is waited for, and not written after it', async () => {
  const { id, path, write, forget } = await recorded();
  let writing: Promise<void> | undefined;
  await db.$transaction(async (tx) => {
    // another call: it has written the file, the bank has taken it, and its transaction is not committed yet
    await tx.bankFile.update({ where: { id }, data: { writtenAt: new Date() } });
    writing = write();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  });
  await writing;
  expect(existsSync(path)).toBe(false);
  await forget();
});

test('a file that could not be written is told of, and stays to be written', async () => {
  const { id, path, write, forget } = await recorded();
  const full = join(folder, 'full');
  writeFileSync(full, '');
  await expect(write(full)).rejects.toMatchObject({
    message: expect.stringContaining('not be written') as string,
  });
  expect((await db.bankFile.findUniqueOrThrow({ where: { id } })).writtenAt).toBeNull();
  await Promise.all([write(), write()]);
  expect(readFileSync(path, 'utf8')).toBe('<Document/>');
  expect((await db.bankFile.findUniqueOrThrow({ where: { id } })).writtenAt).not.toBeNull();
  await forget();
});

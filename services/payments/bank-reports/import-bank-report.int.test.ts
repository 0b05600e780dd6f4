import { openDb } from '@crm/db';
import type { Call, Logger } from '@crm/kit';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBankReport } from './import-bank-report.ts';

const db = openDb(process.env.DATABASE_URL!, 2);
const folder = mkdtempSync(join(tmpdir(), 'suivi-report-'));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await db.$disconnect();
});
const log = { info() {}, warn() {}, error() {} } as unknown as Logger;
const report = { nomFichier: 'FR1420041010050500013M02606.xml', contenu: Buffer.from('<') };
const call = { caller: { sub: 'test' } } as unknown as Call;

test('what is kept aside is not named by an account: errors of the file system name it, and are logged', async () => {
  const take = importBankReport({ db, config: { BANK_DIR: folder, BANK_REFUSED_MAX_MB: 10 }, log });
  await expect(take(report as never, call)).rejects.toThrow('contenu');
  const kept = readdirSync(join(folder, 'unreadable'));
  expect(kept).toHaveLength(2);
  expect(kept.join()).not.toContain('2004101005');
  const fichier = `unreadable/${kept[0]}`;
  expect(await db.bankReport.findMany({ where: { fichier } })).toMatchObject([{ statut: 'REFUSE' }]);
});

test('a report is refused with its reason also where it cannot be kept', async () => {
  writeFileSync(join(folder, 'full'), '');
  const config = { BANK_DIR: join(folder, 'full'), BANK_REFUSED_MAX_MB: 10 };
  await expect(importBankReport({ db, config, log })(report as never, call)).rejects.toThrow(
    'contenu: line 1',
  );
});

import type { Db } from '@crm/db';
import type { Call, Logger } from '@crm/kit';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importBankReport } from './import-bank-report.ts';

const folder = mkdtempSync(join(tmpdir(), 'suivi-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('what is kept aside is not named by an account: errors of the file system name it, and are logged', async () => {
  const done = () => Promise.resolve({});
  const bankReport = { create: () => Promise.resolve({ id: 'r' }), findFirst: () => Promise.resolve(null) };
  const db = {
    bankReport: { ...bankReport, update: done },
    reportTransaction: { deleteMany: done },
  } as unknown as Db;
  const log = { info() {}, warn() {} } as unknown as Logger;
  const take = importBankReport({ db, config: { BANK_DIR: folder }, log });
  const report = { nomFichier: 'FR1420041010050500013M02606.xml', contenu: Buffer.from('<') };
  const call = { caller: { sub: 'test' } } as unknown as Call;
  await expect(take(report as never, call)).rejects.toThrow('contenu');
  const kept = readdirSync(join(folder, 'unreadable'));
  expect(kept).toHaveLength(2);
  expect(kept.join()).not.toContain('2004101005');
});

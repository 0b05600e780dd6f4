import type { Db } from '@crm/db';
import type { Logger } from '@crm/kit';
import { mkdtempSync, readdirSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inbox } from './inbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'suivi-inbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a file that cannot be moved, and one with a long name, keep no other back', async () => {
  const names = ['a-gone.xml', `${'é'.repeat(115)}.xml`, 'z.xml'];
  // what is no file is refused before the database is asked for anything
  for (const name of names) symlinkSync('/etc/hostname', join(folder, name));
  const lock = () => {
    unlinkSync(join(folder, 'a-gone.xml'));
    return [{ mine: true }];
  };
  const db = { $transaction: (run: (tx: unknown) => unknown) => run({ $queryRaw: lock }) } as unknown as Db;
  const errors: unknown[] = [];
  const log = { info() {}, warn() {}, error: (what: unknown) => errors.push(what) } as unknown as Logger;
  const look = inbox({ db, log, folder });
  const { signal } = new AbortController();
  await look(signal);
  await delay(2_100);
  await expect(look(signal)).rejects.toThrow('not all');
  expect(errors).toEqual([{ code: 'ENOENT' }]);
  const refused = readdirSync(join(folder, 'refused'));
  expect(refused.filter((name) => !name.endsWith('.reason.txt'))).toHaveLength(2);
  expect(readdirSync(join(folder, '.taken'))).toEqual([]);
});

import { openDb } from '@crm/db';
import type { Logger } from '@crm/kit';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { v7 } from 'uuid';
import { inbox } from './inbox.ts';
import { refusedFiles } from './refused-files.ts';

const db = openDb(process.env.DATABASE_URL!, 4);
const root = mkdtempSync(join(tmpdir(), 'suivi-inbox-'));
const folder = join(root, 'inbox');
const { signal } = new AbortController();
type Line = { code?: string; againMs?: number; fichier?: string };
const lines: Line[] = [];
const say = (what: Line) => void lines.push(what);
const log = { info() {}, warn: say, error: say } as unknown as Logger;
const config = { BANK_DIR: root, BANK_REFUSED_MAX_MB: 1 };
const keepRefused = refusedFiles({ db, log, config });
const look = inbox({ db, log, folder, keepRefused });

beforeAll(() => look(signal));
afterEach(() => void lines.splice(0));
afterAll(async () => {
  rmSync(root, { recursive: true });
  await db.$disconnect();
});

const files = (within: string) =>
  readdirSync(join(folder, within)).filter((name) => !name.endsWith('.reason.txt'));
/** Looks until it is so: at times the shared platform's own inbox has the lock. */
async function lookUntil(so: () => boolean, withinMs = 15_000): Promise<void> {
  for (const since = Date.now(); !so() && Date.now() - since < withinMs;) {
    await look(signal);
    await delay(100);
  }
  expect(so()).toBe(true);
}
const camt054 = (content: string) =>
  `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn><Ntfctn>${content}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>`;
const entry = (id: string) =>
  `<Ntry><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><NtryDtls><TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>
</TxDtls></NtryDtls></Ntry>`;
const unique = () => `${v7()}.xml`;

test('a file that cannot be moved, and one with a long name, keep no other back', async () => {
  for (const name of ['a-gone.xml', `${'é'.repeat(115)}.xml`, 'z.xml'])
    symlinkSync('/etc/hostname', join(folder, name));
  // the file disappears after it was seen to be complete
  const vanishing = new Proxy(db, {
    get(target, name: keyof typeof db) {
      if (name === '$transaction') rmSync(join(folder, 'a-gone.xml'), { force: true });
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const own = inbox({ db: vanishing, log, folder, keepRefused });
  await own(signal);
  await delay(2_100);
  for (let turn = 0; turn < 50 && files('refused').length < 2; turn += 1) {
    await own(signal);
    await delay(100);
  }
  expect(files('refused')).toHaveLength(2);
  expect(lines).toContainEqual({ code: 'ENOENT', againMs: 5_000 });
  expect(files('.taken')).toEqual([]);
});

test('what fails for a reason of ours is said of its report, and tried again later; others go on', async () => {
  const [stuck, fine] = [unique(), unique()];
  const id = `STUCK${v7().slice(-12)}`;
  // as if a text could not be stored
  await db.$executeRawUnsafe(`CREATE FUNCTION payments.stick() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF NEW.end_to_end_id = '${id}' THEN RAISE EXCEPTION 'stuck'; END IF; RETURN NEW; END $$`);
  await db.$executeRawUnsafe(`CREATE TRIGGER stick BEFORE INSERT ON payments.report_transactions
    FOR EACH ROW EXECUTE FUNCTION payments.stick()`);
  writeFileSync(join(folder, stuck), camt054(entry(id)));
  writeFileSync(join(folder, fine), camt054(entry(`FINE${id}`)));
  const of = (nomFichier: string) => db.bankReport.findMany({ where: { nomFichier } });
  try {
    await lookUntil(() => files('done').includes(fine));
    const [failed, ...others] = await of(stuck);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({
      statut: 'EN_LECTURE',
      motif: expect.stringContaining('could not be read yet') as string,
    });
    const tries = () => lines.filter(({ againMs }) => againMs !== undefined);
    expect(tries()).toMatchObject([{ rapportId: failed!.id, againMs: 5_000 }]);
    const since = Date.now();
    await lookUntil(() => tries().length === 2);
    expect(Date.now() - since).toBeGreaterThan(3_000);
    expect(tries()[1]).toMatchObject({ againMs: 10_000 });
    expect(await of(stuck)).toMatchObject([{ id: failed!.id }]);
    await db.$executeRawUnsafe('DROP FUNCTION payments.stick() CASCADE');
    await lookUntil(() => files('done').includes(stuck));
    expect(await of(stuck)).toMatchObject([{ id: failed!.id, statut: 'IMPORTE', motif: '', inconnus: 1 }]);
  } finally {
    await db.$executeRawUnsafe('DROP FUNCTION IF EXISTS payments.stick() CASCADE');
  }
}, 60_000);

test('a file that somebody goes on writing is not refused for what is missing of it', async () => {
  const name = unique();
  const report = Buffer.from(camt054(`<!-- ${name} -->${' '.repeat(1_000_000)}${'<X/>'.repeat(200_000)}`));
  const half = report.length - 100;
  const writer = openSync(join(folder, name), 'w');
  writeSync(writer, report, 0, half);
  let at = half;
  const writing = setInterval(() => {
    if (files('.taken').some((file) => file.endsWith(name)) && at < half + 50)
      at += writeSync(writer, report, at, 1);
  }, 1);
  await lookUntil(() => lines.some(({ code }) => code === 'StillWritten'));
  clearInterval(writing);
  writeSync(writer, report, at);
  closeSync(writer);
  await lookUntil(() => files('done').includes(name));
}, 60_000);

test('refused files are kept up to the quota: the oldest go, and it is said', async () => {
  const names = Array.from({ length: 4 }, unique);
  for (const name of names) {
    const path = join(folder, '.taken', `${v7()}-${name}`);
    writeFileSync(path, 'x'.repeat(400_000));
    await lookUntil(() => files('refused').includes(name));
  }
  const [first, second, ...kept] = names as [string, string, ...string[]];
  expect(files('refused')).toEqual(expect.arrayContaining(kept));
  for (const gone of [first, second]) {
    expect(existsSync(join(folder, 'refused', gone))).toBe(false);
    expect(existsSync(join(folder, 'refused', `${gone}.reason.txt`))).toBe(false);
    expect(lines).toContainEqual({ fichier: `inbox/refused/${gone}`, octets: 404_096 });
  }
  const rows = await db.bankReport.findMany({ where: { nomFichier: { in: names } }, orderBy: { id: 'asc' } });
  expect(rows.map(({ statut, effaceAt }) => [statut, effaceAt !== null])).toEqual([
    ['REFUSE', true],
    ['REFUSE', true],
    ['REFUSE', false],
    ['REFUSE', false],
  ]);
});

test('a folder is no file, and is left alone', async () => {
  mkdirSync(join(folder, 'folder.xml'));
  renameSync(join(folder, 'folder.xml'), join(folder, '.taken', `${v7()}-folder.xml`));
  await lookUntil(() => files('refused').includes('folder.xml'));
});

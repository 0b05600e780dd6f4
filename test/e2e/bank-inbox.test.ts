import { MandateServiceService, PaymentServiceService, type Payment } from '@crm/proto/payments/payments';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { zipOf } from '@crm/payments/testing/zip-of';
import { camt054, endToEndId, entry, pain002, rejections } from '../support/bank-reports.ts';
import { presentedPayment } from '../support/presented-payment.ts';
import { bearer, rawCall } from '../support/raw-call.ts';
import { refusalOf } from '../support/refusal.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const IBAN = 'FR1420041010050500013M02606';
const stack = sharedStack();
const mandates = stack.client('payments', MandateServiceService);
const payments = stack.client('payments', PaymentServiceService);
const inbox = join(stack.env.BANK_DIR!, 'inbox');
const [done, refused] = [join(inbox, 'done'), join(inbox, 'refused')];

beforeAll(() => until('the inbox', () => existsSync(done)));
afterAll(() => stack.close());

const presented = (): Promise<Payment> => presentedPayment({ mandates, payments });

/** Puts a file into the inbox and waits until it has left it. */
async function drop(content: string | Buffer, name = `${unique('report')}.xml`): Promise<string> {
  writeFileSync(join(inbox, name), content);
  await taken(name);
  return name;
}
const taken = (name: string) =>
  until(`${name} to be taken`, () => {
    if (existsSync(join(inbox, name))) return false;
    return [done, refused].some((folder) => readdirSync(folder).some((file) => file.endsWith(name)));
  });

const rapportOf = async (nomFichier: string) => {
  const { rapports } = await payments.listRapports({ pageSize: 200 });
  const found = rapports.filter((rapport) => rapport.nomFichier === nomFichier);
  expect(found).toHaveLength(1);
  return await payments.getRapport({ id: found[0]!.id });
};

test('a file that is put there is imported by itself; the same again, by either way, changes nothing', async () => {
  const [paid, back] = [await presented(), await presented()];
  const report = camt054(
    entry({ id: endToEndId(paid.id) }) +
      entry({ id: endToEndId(back.id), reason: 'AM04' }) +
      entry({ id: `${IBAN}-facture` }) +
      entry({ id: endToEndId(paid.id, 7) }),
  );
  const name = await drop(report);
  expect(existsSync(join(done, name))).toBe(true);
  const settled = await Promise.all([paid, back].map(({ id }) => payments.get({ id })));
  expect(settled).toMatchObject([{ statut: 'ENCAISSE' }, { statut: 'REJETE', motifRejet: 'AM04' }]);
  const rapport = await rapportOf(name);
  expect(rapport).toMatchObject({
    ...{ canal: 'DOSSIER', auteur: 'dossier', statut: 'IMPORTE', motif: '', transactions: 4 },
    ...{ confirmes: 1, rejetes: 1, inconnus: 2 },
    inconnues: [
      { ligne: 8, endToEndId: 'FR14 **** 606-facture', etat: 'TRANSACTION_ENCAISSEE' },
      { endToEndId: endToEndId(paid.id, 7), motif: expect.stringContaining('presented') as string },
    ],
  });
  const again = await payments.importBankReport({ nomFichier: 'x.xml', contenu: report });
  expect(again).toMatchObject({
    ...{ rapportId: rapport.id, confirmes: 1, rejetes: 1, inconnus: 2 },
    dejaImporte: true,
  });
  await drop(report, name);
  await until('both are done', () => readdirSync(done).filter((file) => file.endsWith(name)).length === 2);
  expect(await rapportOf(name)).toEqual(rapport);
  expect(await Promise.all([paid, back].map(({ id }) => payments.get({ id })))).toEqual(settled);
});

test('what a bank tells once more in another file undoes nothing that happened since', async () => {
  const { id } = await presented();
  const collected = entry({ id: endToEndId(id) });
  await payments.importBankReport({ nomFichier: 'one.xml', contenu: camt054(collected) });
  const returned = entry({ id: endToEndId(id), reason: 'AM04', date: '2026-03-12' });
  await payments.importBankReport({ nomFichier: 'two.xml', contenu: camt054(returned) });
  await payments.replanifier({ id, tentative: 2, datePrevue: '2026-03-16' });
  const repeated = camt054(`${collected}\n\n`);
  expect(await payments.importBankReport({ nomFichier: 'three.xml', contenu: repeated })).toMatchObject({
    ...{ confirmes: 1, inconnus: 0, dejaImporte: false },
  });
  expect(await payments.get({ id })).toMatchObject({ statut: 'PLANIFIE', tentative: 2 });
});

test('a collection that is told of after its return drops no attempt that was planned since', async () => {
  const { id } = await presented();
  const returned = entry({ id: endToEndId(id), reason: 'AM04', date: '2026-03-12' });
  await payments.importBankReport({ nomFichier: 'returned.xml', contenu: camt054(returned) });
  await payments.replanifier({ id, tentative: 2, datePrevue: '2026-03-16' });
  const older = camt054(entry({ id: endToEndId(id) }));
  const imported = await payments.importBankReport({ nomFichier: 'older.xml', contenu: older });
  expect(imported).toMatchObject({ confirmes: 0, inconnus: 1 });
  expect(await payments.get({ id })).toMatchObject({ statut: 'PLANIFIE', tentative: 2 });
});

test('collected and returned in one file, an attempt is returned', async () => {
  const { id } = await presented();
  const both =
    entry({ id: endToEndId(id) }) + entry({ id: endToEndId(id), reason: 'AM04', date: '2026-03-12' });
  await drop(camt054(both));
  expect(await payments.get({ id })).toMatchObject({ statut: 'REJETE', motifRejet: 'AM04' });
});

test('a file is left alone while its name says that it is being written', async () => {
  const { id } = await presented();
  const report = pain002(rejections([endToEndId(id)], 'AC04'));
  const name = `${unique('report')}.xml`;
  const part = join(inbox, `${name}.part`);
  writeFileSync(part, report.subarray(0, 100));
  await drop(camt054('')); // the folder was looked into
  expect(existsSync(part)).toBe(true);
  writeFileSync(part, report);
  renameSync(part, join(inbox, name));
  await taken(name);
  expect((await payments.get({ id })).motifRejet).toBe('AC04');
});

test('names that are no names, and what is no file', async () => {
  const weird = Buffer.concat([Buffer.from(`${inbox}/relev\xe9-`, 'latin1'), Buffer.from(unique('r'))]);
  writeFileSync(weird, camt054(''));
  const link = unique('link');
  symlinkSync('/etc/hostname', join(inbox, link));
  const account = `${IBAN}-${unique('r')}.xml`;
  writeFileSync(join(inbox, account), camt054(`<!-- ${account} -->`));
  await until('all are taken', () => !existsSync(weird) && !existsSync(join(inbox, account)));
  await taken(link);
  await taken(account);
  expect(readFileSync(join(refused, `${link}.reason.txt`), 'utf8')).toContain('not a file');
  await rapportOf(account.replace(IBAN, 'FR14 **** 606'));
});

test('a zip is opened, by a folder and by a call: each file is a report, known again however it comes', async () => {
  const [paid, back] = [await presented(), await presented()];
  const one = camt054(entry({ id: endToEndId(paid.id) }));
  const two = pain002(rejections([endToEndId(back.id)], 'AC04'));
  const zip = zipOf([
    { name: 'C54/one.xml', content: one },
    { name: 'C54/two.xml', content: two },
    { name: 'C54/again.xml', content: two },
  ]);
  const name = await drop(zip, `${unique('C54')}.zip`);
  expect(existsSync(join(done, name))).toBe(true);
  const settled = await Promise.all([paid, back].map(({ id }) => payments.get({ id })));
  expect(settled).toMatchObject([{ statut: 'ENCAISSE' }, { statut: 'REJETE', motifRejet: 'AC04' }]);
  const reports = [await rapportOf(`${name}/C54/one.xml`), await rapportOf(`${name}/C54/two.xml`)];
  expect(reports).toMatchObject([{ confirmes: 1 }, { rejetes: 1, statut: 'IMPORTE', canal: 'DOSSIER' }]);
  const ids = reports.map(({ id }) => id);
  const again = await payments.importBankReport({ nomFichier: 'again.zip', contenu: zip });
  expect(again).toMatchObject({
    ...{ rapportId: ids[0], rapportIds: ids, confirmes: 1, rejetes: 1, dejaImporte: true },
  });
  expect(await payments.importBankReport({ nomFichier: 'one.xml', contenu: one })).toMatchObject({
    ...{ rapportId: ids[0], rapportIds: [ids[0]], dejaImporte: true },
  });
});

test('a zip with a file that cannot be read is refused whole, naming it', async () => {
  const { id } = await presented();
  const good = camt054(entry({ id: endToEndId(id) }));
  const zip = zipOf([
    { name: 'good.xml', content: good },
    { name: 'half.xml', content: good.subarray(0, 300) },
  ]);
  const name = await drop(zip, `${unique('C54')}.zip`);
  const why = /^half\.xml: line \d+: unclosed tag/;
  expect(await rapportOf(name)).toMatchObject({
    ...{ statut: 'REFUSE', motif: expect.stringMatching(why) as string, fichier: `inbox/refused/${name}` },
  });
  const refusal = await refusalOf(payments.importBankReport({ nomFichier: name, contenu: zip }));
  expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT' });
  expect(refusal.violations[0]!.description).toMatch(why);
  expect((await payments.get({ id })).statut).toBe('EMIS');
  expect(await payments.importBankReport({ nomFichier: 'good.xml', contenu: good })).toMatchObject({
    ...{ confirmes: 1, dejaImporte: false },
  });
});

test('what a report says in an encoding of a byte a character is read as it is meant', async () => {
  const text = camt054(entry({ id: 'Échéance-€uro' }))
    .toString()
    .replace('UTF-8', 'ISO-8859-15');
  const name = await drop(Buffer.from(text.replace('€', '\u00a4'), 'latin1'));
  expect(await rapportOf(name)).toMatchObject({ inconnues: [{ endToEndId: 'Échéance-€uro' }] });
});

test('a text that is cut between two emojis is stored', async () => {
  const name = await drop(camt054(entry({ id: `a${'😀'.repeat(200)}` })));
  const { inconnues } = await rapportOf(name);
  expect(inconnues[0]!.endToEndId).toMatch(/^a(😀)+$/u);
});

const lol = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('');
const text = (report: Buffer) => report.toString();
type Make = (report: Buffer) => Buffer | string;

const HOSTILE: [what: string, why: RegExp, make: Make][] = [
  [
    'an external entity',
    /line 1: a document type/,
    (r) => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${text(r).replace(/<\?.*\?>\n/, '')}`,
  ],
  [
    'a billion laughs',
    /line 1: a document type/,
    (r) => `<!DOCTYPE l [<!ENTITY l0 "lol">${lol}]>${text(r).replace(/<\?.*\?>\n/, '')}`,
  ],
  [
    'bytes that are not the UTF-8 it declares',
    /line \d+: not UTF-8/,
    (r) => Buffer.concat([r, Buffer.from([0xe9])]),
  ],
  ['UTF-16', /line 1: UTF-16/, (r) => Buffer.from(text(r), 'utf16le')],
  ['a file cut in half', /line \d+: .*unclosed/, (r) => r.subarray(0, r.length - 80)],
  ['another root', /line 2: .*understood/, (r) => text(r).replaceAll('Document', 'Report')],
  ['another namespace', /line 2: .*understood/, (r) => text(r).replace('urn:iso', 'urn:other')],
  ['another version', /line 2: .*understood/, (r) => text(r).replace('pain.002.001.10', 'pain.002.001.99')],
  ['no XML', /line \d: text data outside/, () => 'payment;status\n1;RJCT\n'],
  [
    'a namespace that JavaScript knows',
    /line 2: .*understood/,
    (r) => text(r).replace(/xmlns="[^"]*"/, 'xmlns="__proto__"'),
  ],
  ['a gzip', /gzip: only XML and zips of it/, (r) => gzipSync(r)],
  ['a zip without a file', /zip: there is no file in it/, () => zipOf([])],
  ['a zip with a path', /zip: invalid relative path/, (r) => zipOf([{ name: '../../x.xml', content: r }])],
  [
    'a zip within a zip',
    /a\.zip: a zip within a zip/,
    (r) => zipOf([{ name: 'a.zip', content: zipOf([{ name: 'x.xml', content: r }]) }]),
  ],
  [
    'a zip bomb',
    /bomb\.xml is more than 200 times/,
    () => zipOf([{ name: 'bomb.xml', content: Buffer.alloc(30_000_000) }]),
  ],
  ['nothing', /line 1: .*root/, () => ''],
];
/** A file whose first transaction could be applied, and a later one not. */
const hostile = (make: Make, id: string) =>
  Buffer.from(make(pain002(rejections([endToEndId(id)], 'AC04'))) as string);

describe('is refused by the folder, kept aside with the reason, and nothing of it is applied:', () => {
  type Dropped = { payment: Payment; content: Buffer; name: string };
  const dropped = new Map<string, Dropped>();

  // all at once: a file that is written in place is left alone for two seconds
  beforeAll(async () => {
    const drops = HOSTILE.map(async ([what, , make]) => {
      const payment = await presented();
      const content = hostile(make, payment.id);
      dropped.set(what, { payment, content, name: await drop(content) });
    });
    await Promise.all(drops);
  });

  test.each(HOSTILE)('%s', async (what, why) => {
    const { payment, content, name } = dropped.get(what)!;
    expect(readFileSync(join(refused, name)).equals(content)).toBe(true);
    expect(readFileSync(join(refused, `${name}.reason.txt`), 'utf8')).toMatch(why);
    expect(statSync(join(refused, `${name}.reason.txt`)).mode & 0o077).toBe(0);
    expect(await payments.get({ id: payment.id })).toEqual(payment);
    expect(await rapportOf(name)).toMatchObject({
      statut: 'REFUSE',
      motif: expect.stringMatching(why) as string,
    });
  });
});

test.each(HOSTILE)(
  'is refused by a call, kept aside with the reason, and nothing of it is applied: %s',
  async (_, why, make) => {
    const payment = await presented();
    const nomFichier = `${unique('report')}.xml`;
    const contenu = hostile(make, payment.id);
    const refusal = await refusalOf(payments.importBankReport({ nomFichier, contenu }));
    expect(refusal).toMatchObject({ code: 'INVALID_ARGUMENT', violations: [{ field: 'contenu' }] });
    expect(await payments.get({ id: payment.id })).toEqual(payment);
    if (contenu.length === 0) return; // refused before it is anything
    expect(refusal.violations[0]!.description).toMatch(why);
    const aside = join(stack.env.BANK_DIR!, 'unreadable');
    const kept = readdirSync(aside).filter((file) => file.includes(nomFichier));
    expect(kept.sort()).toEqual([expect.stringMatching(/\.xml$/), expect.stringMatching(/\.reason\.txt$/)]);
    expect(readFileSync(join(aside, kept[0]!)).equals(contenu)).toBe(true);
  },
);

describe('300 MB', () => {
  const MB_300 = 300 * 1024 * 1024;

  test('are refused by the folder without being read', async () => {
    const name = `${unique('report')}.xml`;
    mkdirSync(inbox, { recursive: true });
    writeFileSync(join(inbox, `.${name}`), '<');
    truncateSync(join(inbox, `.${name}`), MB_300);
    renameSync(join(inbox, `.${name}`), join(inbox, name));
    await taken(name);
    expect(readFileSync(join(refused, `${name}.reason.txt`), 'utf8')).toContain('larger than 64 MiB');
    expect(statSync(join(refused, name)).size).toBe(MB_300);
    expect(await rapportOf(name)).toMatchObject({ statut: 'REFUSE' });
    truncateSync(join(refused, name), 0);
  });

  test('are refused by a call without being taken', async () => {
    const path = '/payments.PaymentService/ImportBankReport';
    const bytes = new Uint8Array(66 * 1024 * 1024);
    const headers = bearer(await stack.token());
    const { code } = await rawCall(stack.address('payments'), path, { bytes, headers });
    expect(code).toBe(8); // RESOURCE_EXHAUSTED
  });
});

import { blocIdOf } from './message-id.ts';
import { renderDebits } from './render-debits.ts';
import { sepaText } from './sepa-text.ts';

const CREDITOR = {
  name: 'Société Générique',
  iban: 'FR7630006000011234567890189',
  bic: 'AGRIFRPP',
  id: 'FR72ZZZ123456',
};

const debit = (n: number, changes: object = {}) => ({
  endToEndId: `${String(n).padStart(32, '0')}01`,
  blocId: `${'b'.repeat(30)}-1`,
  sequenceType: 'FRST',
  montant: 75_000n,
  libelle: 'F-2026-0001',
  creditor: CREDITOR,
  mandate: {
    rum: `RUM-${n}`,
    dateSignature: '2026-01-15',
    titulaire: 'Zoé Œuf & Fils',
    iban: 'FR1420041010050500013M02606',
    bic: '',
  },
  ...changes,
});

/** Renders debits in batches of three. */
async function file(debits: ReturnType<typeof debit>[]): Promise<string> {
  const counted = (some: typeof debits) => ({
    nombre: some.length,
    total: some.reduce((sum, { montant }) => sum + montant, 0n),
  });
  const ids = [...new Set(debits.map(({ blocId }) => blocId))];
  const of = (id: string) => debits.filter(({ blocId }) => blocId === id);
  const blocks = ids
    .map((blocId) => [blocId, of(blocId)] as const)
    .map(([blocId, some]) => ({
      ...{ blocId, ...counted(some), sequenceType: some[0]!.sequenceType, creditor: some[0]!.creditor },
      async *batches() {
        for (let at = 0; at < some.length; at += 3) yield await Promise.resolve(some.slice(at, at + 3));
      },
    }));
  const pieces = renderDebits({
    id: '0198f000-0000-7000-8000-000000000001',
    createdAt: new Date('2026-03-02T10:00:00Z'),
    ...{ dateCollecte: '2026-03-09', initiator: 'Qui envoie', ...counted(debits), blocks },
  });
  let xml = '';
  for await (const piece of pieces) xml += piece;
  return xml;
}

test('when it was made is told by the clocks of Paris', async () => {
  expect(await file([debit(1)])).toContain('<CreDtTm>2026-03-02T11:00:00</CreDtTm>');
});

test('amounts, dates and identifiers are the ones of the debits', async () => {
  const xml = await file([debit(1), debit(2, { montant: 1n })]);
  expect(xml).toContain('urn:iso:std:iso:20022:tech:xsd:pain.008.001.08');
  expect(xml).toContain('<CtrlSum>750.01</CtrlSum>');
  expect(xml).toContain('<InstdAmt Ccy="EUR">0.01</InstdAmt>');
  expect(xml).toContain('<ReqdColltnDt>2026-03-09</ReqdColltnDt>');
  expect(xml).toContain('<MndtId>RUM-1</MndtId><DtOfSgntr>2026-01-15</DtOfSgntr>');
  expect(xml).toContain('<Nm>Zoe OEuf + Fils</Nm>'.replace('OEuf', 'oeuf'));
  expect(xml).toContain('<EndToEndId>0000000000000000000000000000000101</EndToEndId>');
});

test('control sums are exact, however much it is', async () => {
  const debits = Array.from({ length: 2_000 }, (_, n) =>
    debit(n, { montant: 99_999_999_999n - BigInt(n % 13) * 7n }),
  );
  const cents = debits.reduce((sum, { montant }) => sum + montant, 0n);
  const total = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`;
  expect((await file(debits)).match(/<CtrlSum>[^<]+/g)).toEqual([`<CtrlSum>${total}`, `<CtrlSum>${total}`]);
});

test('every block has an element of its own, under its own id', async () => {
  const xml = await file([debit(1), debit(2, { blocId: 'x-2', sequenceType: 'RCUR' }), debit(3)]);
  expect(xml.match(/<PmtInf>/g)).toHaveLength(2);
  expect(xml.match(/<NbOfTxs>2<\/NbOfTxs>/g)).toHaveLength(1);
  expect(xml.match(/<PmtInfId>[^<]+/g)).toEqual([`<PmtInfId>${'b'.repeat(30)}-1`, '<PmtInfId>x-2']);
});

test('a block names its own creditor, and the file who sends it', async () => {
  const other = { name: 'Autre', iban: 'DE89370400440532013000', bic: '', id: 'DE98ZZZ09999999999' };
  const xml = await file([debit(1), debit(2, { blocId: 'x-2', creditor: other })]);
  expect(xml).toContain('<InitgPty><Nm>Qui envoie</Nm>');
  const [, one, two] = xml.split('<PmtInf>');
  expect(one).toContain('<Cdtr><Nm>Societe Generique</Nm></Cdtr>');
  expect(one).toContain('FR72ZZZ123456');
  expect(two).toContain('<Cdtr><Nm>Autre</Nm></Cdtr>');
  expect(two).toContain('DE89370400440532013000');
  expect(two).toContain('DE98ZZZ09999999999');
  expect(two).not.toContain('FR72ZZZ123456');
});

// ISO 20022 Max35Text: a bank refuses the whole file for one that is longer
test('no identifier is longer than 35 characters', async () => {
  const blocId = blocIdOf('0198f000-0000-7000-8000-000000000001', 9_999);
  const ids = [
    ...(await file([debit(1, { blocId })])).matchAll(/<(MsgId|PmtInfId|InstrId|EndToEndId|MndtId)>([^<]*)</g),
  ];
  expect(ids.map(([, name]) => name)).toEqual(['MsgId', 'PmtInfId', 'InstrId', 'EndToEndId', 'MndtId']);
  for (const [, , id] of ids) expect(id!.length).toBeLessThanOrEqual(35);
});

test('the same file has the same bytes', async () => {
  expect(await file([debit(1)])).toBe(await file([debit(1)]));
});

test.each([
  ['Élodie d’Ağaç', "Elodie d'Agac"],
  ['//a//b/', 'a/b'],
  ['漢字', '..'],
  ['   ', '.'],
  ['x'.repeat(100), 'x'.repeat(70)],
])('%p is written %p', (text, written) => {
  expect(sepaText(text)).toBe(written);
});

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
  organisationId: 'org-1',
  sequenceType: 'FRST',
  montant: 75_000n,
  libelle: 'F-2026-0001',
  mandate: {
    rum: `RUM-${n}`,
    dateSignature: '2026-01-15',
    titulaire: 'Zoé Œuf & Fils',
    iban: 'FR1420041010050500013M02606',
    bic: '',
  },
  ...changes,
});

const file = (debits: ReturnType<typeof debit>[]) =>
  renderDebits(
    {
      id: '0198f000-0000-7000-8000-000000000001',
      createdAt: new Date('2026-03-02T10:00:00Z'),
      dateCollecte: '2026-03-09',
      debits,
    },
    CREDITOR,
  );

test('amounts, dates and identifiers are the ones of the debits', () => {
  const xml = file([debit(1), debit(2, { montant: 1n })]);
  expect(xml).toContain('urn:iso:std:iso:20022:tech:xsd:pain.008.001.08');
  expect(xml).toContain('<CtrlSum>750.01</CtrlSum>');
  expect(xml).toContain('<InstdAmt Ccy="EUR">0.01</InstdAmt>');
  expect(xml).toContain('<ReqdColltnDt>2026-03-09</ReqdColltnDt>');
  expect(xml).toContain('<MndtId>RUM-1</MndtId><DtOfSgntr>2026-01-15</DtOfSgntr>');
  expect(xml).toContain('<Nm>Zoe OEuf + Fils</Nm>'.replace('OEuf', 'oeuf'));
  expect(xml).toContain('<EndToEndId>0000000000000000000000000000000101</EndToEndId>');
});

test('organisations and sequence types have blocks of their own', () => {
  const xml = file([
    debit(1),
    debit(2, { sequenceType: 'RCUR' }),
    debit(3, { organisationId: 'org-2' }),
    debit(4),
  ]);
  expect(xml.match(/<PmtInf>/g)).toHaveLength(3);
  expect(xml.match(/<NbOfTxs>2<\/NbOfTxs>/g)).toHaveLength(1);
  expect(new Set(xml.match(/<PmtInfId>[^<]+/g)).size).toBe(3);
});

test('the same file has the same bytes', () => {
  expect(file([debit(1)])).toBe(file([debit(1)]));
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

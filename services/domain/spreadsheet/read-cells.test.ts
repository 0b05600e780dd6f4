import { readAmount, readDate, readSiren, readTelephone, readText } from './read-cells.ts';

test.each([
  ['1 234,56 €', 123456n],
  ['1\u00a0234,56\u00a0€', 123456n],
  ['1\u202f234\u202f567,8', 123456780n],
  ['1.234,56', 123456n],
  ['1,234.56', 123456n],
  ['1.234.567', 123456700n],
  ["1'234.50 EUR", 123450n],
  ['1234', 123400n],
  ['0,05', 5n],
  ['100,5000', 10050n],
  ['-12,00', -1200n],
  ['−12,00', -1200n],
  ['12,00-', -1200n],
  ['(12,00)', -1200n],
  ['(12,00 €)', -1200n],
  ['-   €', 0n],
  ['€ 12', 1200n],
])('%s is %s cents', (cell, cents) => {
  expect(readAmount(cell)).toEqual({ value: cents });
});

test.each([
  ['1.234', 'ambigu : écrivez 1234,00, ou 1,23'],
  ['12,345', 'ambigu'],
  ['1,2E+05', 'notation scientifique'],
  ['12 34,00', 'pas un montant'],
  ['119,99999', 'pas un montant'],
  ['abc', 'pas un montant'],
  ['€', 'pas un montant'],
  ['99999999999', 'dix milliards'],
])('%s is no amount: %s', (cell, words) => {
  expect(readAmount(cell)).toEqual({ fault: expect.stringContaining(words) as string });
});

test.each([
  ['31/12/2026', '2026-12-31'],
  ['1/2/26', '2026-02-01'],
  ['01-02-2026', '2026-02-01'],
  ['01.02.2026', '2026-02-01'],
  ['2026-02-01', '2026-02-01'],
  ['01/02/2026 00:00', '2026-02-01'],
  ['2026-02-01T13:45:00', '2026-02-01'],
  ['2026-01-31T23:00:00Z', '2026-02-01'],
  ['1er février 2026', '2026-02-01'],
  ['01-févr.-26', '2026-02-01'],
  ['15 août 2026', '2026-08-15'],
  ['mar. 3 mars 2026', '2026-03-03'],
  ['29/02/2028', '2028-02-29'],
])('%s is %s', (cell, date) => {
  expect(readDate(cell)).toEqual({ value: date });
});

test.each([
  ['29/02/2026', 'n’existe pas'],
  ['12/31/2026', 'le jour avant le mois'],
  ['46027', 'format Date'],
  ['2026', 'pas une date'],
  ['fin de mois', 'pas une date'],
  ['01/02/0206', 'plausible'],
])('%s is no date: %s', (cell, words) => {
  expect(readDate(cell)).toEqual({ fault: expect.stringContaining(words) as string });
});

test.each([
  ['732 829 320', { value: '732829320' }],
  ['732\u00a0829\u00a0320\u00a000074', { value: '732829320' }],
  ['7,3283E+08', { fault: expect.stringContaining('scientifique') as string }],
  ['5500203', { fault: expect.stringContaining('9 chiffres') as string }],
  ['1234567', { fault: expect.stringContaining('9 chiffres') as string }],
  ['732829321', { fault: expect.stringContaining('clé') as string }],
])('the SIREN %s', (cell, read) => {
  expect(readSiren(cell)).toEqual(read);
});

test.each([
  ['Mé\ufffdt', { fault: expect.stringContaining('accents') as string }],
  ['BoulangÃ¨re', { fault: expect.stringContaining('accents') as string }],
  ['l’Ã‰pi', { fault: expect.stringContaining('accents') as string }],
  ['SÃO PAULO', { value: 'SÃO PAULO' }],
  ['a@b.fr\u200b', { value: 'a@b.fr' }],
])('the text %s', (cell, read) => {
  expect(readText(cell)).toEqual(read);
});

test('a SIREN that lost its zero is told with it', () => {
  const lost = Array.from({ length: 100 }, (_, n) => String(10_000_000 + n)).find(
    (digits) =>
      !('value' in readSiren(digits)) && /écrivez 0/.test((readSiren(digits) as { fault: string }).fault),
  )!;
  expect(readSiren(`0${lost}`)).toEqual({ value: `0${lost}` });
});

test('a telephone number that lost its zero is told with it', () => {
  expect(readTelephone('612345678')).toEqual({ fault: expect.stringContaining('0612345678') as string });
  expect(readTelephone('06\u00a012.34-56 78')).toEqual({ value: '06 12.34-56 78' });
});

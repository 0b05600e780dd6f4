import { companyFaults, compactNumber } from './company-faults.ts';

const fieldsOf = (siren: string, numeroTva: string) =>
  companyFaults({ siren, numeroTva }).map(({ field }) => field);

test.each([
  ['', ''],
  ['732829320', ''],
  ['732829320', 'FR44732829320'],
  ['', 'FRK7399859412'],
  ['', 'DE123456789'],
  ['', 'BE0411905847'],
  ['', 'EL094259216'],
  ['', 'NL123456789B01'],
  ['', 'ATU12345675'],
  ['', 'CHE123456789'],
  ['', 'XI123456789'],
  ['732829320', 'BE0411905847'],
])('SIREN %j and VAT number %j are right', (siren, numeroTva) => {
  expect(fieldsOf(siren, numeroTva)).toEqual([]);
});

test.each([
  ['732829321', '', ['siren']],
  ['73282932000074', '', ['siren']],
  ['', 'FR45732829320', ['numeroTva']],
  ['', 'FR0', ['numeroTva']],
  ['', '44732829320', ['numeroTva']],
  ['', 'DE12345678', ['numeroTva']],
  ['', 'NL123456789', ['numeroTva']],
  ['356000000', 'FR44732829320', ['numeroTva']],
  ['732829321', 'FR45732829320', ['siren', 'numeroTva']],
])('SIREN %j and VAT number %j are wrong in %j', (siren, numeroTva, fields) => {
  expect(fieldsOf(siren, numeroTva)).toEqual(fields);
});

test('a wrong key is told the right one', () => {
  expect(companyFaults({ siren: '', numeroTva: 'FR45732829320' })[0]!.description).toContain('FR44732829320');
});

test('numbers are kept without what people put between digits', () => {
  expect(compactNumber(' fr 44 732.829\u00a0320 ')).toBe('FR44732829320');
});

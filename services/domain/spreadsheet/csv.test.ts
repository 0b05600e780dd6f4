import { csv, csvAmount, csvDate, csvLine } from './csv.ts';

test('cells with semicolons, quotes and lines are quoted; nothing is a formula', () => {
  const rows = [
    ['Motif', 'Par'],
    ['dit "non" ; deux\nlignes', '=HYPERLINK("https://x")'],
  ];
  expect(csv(rows)).toBe('\ufeffMotif;Par\r\n"dit ""non"" ; deux\nlignes";"\'=HYPERLINK(""https://x"")"\r\n');
});

test.each([
  ['+33 6 12 34 56 78', "'+33 6 12 34 56 78"],
  ['-1+1', "'-1+1"],
  ['@SOMME(A1)', "'@SOMME(A1)"],
  ['\uff1d1', "'\uff1d1"],
  ['-12,50', '-12,50'],
  ['005520135', '"=""005520135"""'],
  ['73282932000074', '"=""73282932000074"""'],
  ['732829320', '732829320'],
  ['0,50', '0,50'],
  ['0', '0'],
  ['F-2026-0042', 'F-2026-0042'],
])('%s is written as %s', (text, cell) => {
  expect(csvLine([text])).toBe(`${cell}\r\n`);
});

test.each([
  [0n, '0,00'],
  [5n, '0,05'],
  [-123456n, '-1234,56'],
])('%s cents are %s', (cents, text) => {
  expect(csvAmount(cents)).toBe(text);
});

test('a date is written with the day first', () => {
  expect([csvDate('2026-12-31'), csvDate('')]).toEqual(['31/12/2026', '']);
});

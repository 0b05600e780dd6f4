import { formatDate, formatDays, formatEuros, formatInstant } from './format-french.ts';

test.each<[bigint, string]>([
  [0n, '0,00 €'],
  [1n, '0,01 €'],
  [-5n, '-0,05 €'],
  [123_456n, '1 234,56 €'],
  [1_000_000_000_001n, '10 000 000 000,01 €'],
])('%s cents are %s', (cents, written) => {
  expect(formatEuros(cents)).toBe(written.replaceAll(' ', '\u00a0'));
});

test('a calendar date is that day, an instant its day in Paris', () => {
  expect(formatDate('2026-06-15')).toBe('15 juin 2026');
  expect(formatDate('2028-02-29')).toBe('29 février 2028');
  expect(formatDate(new Date('2026-06-14T22:30:00Z'))).toBe('15 juin 2026');
  expect(formatDate(new Date('2026-07-31T22:30:00Z'))).toBe('1er août 2026');
  expect(formatDate(new Date('2026-12-31T22:59:59Z'))).toBe('31 décembre 2026');
});

test('an instant is its day and time in Paris', () => {
  expect(formatInstant(new Date('2026-06-01T07:00:00Z'))).toBe('1er juin 2026 à 09:00');
  expect(formatInstant(new Date('2026-11-30T23:05:00Z'))).toBe('1er décembre 2026 à 00:05');
});

test('days', () => {
  expect([0, 1, 17].map(formatDays)).toEqual(['0\u00a0jour', '1\u00a0jour', '17\u00a0jours']);
});

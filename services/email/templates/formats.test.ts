import { dateInParis, daysBetween, formatDate, formatDays, formatEuros, formatRate } from './formats.ts';

test.each([
  [0n, '0,00\u00a0€'],
  [5n, '0,05\u00a0€'],
  [123456n, '1\u202f234,56\u00a0€'],
  [-1000n, '-10,00\u00a0€'],
  [999_999_999_999_999n, '9\u202f999\u202f999\u202f999\u202f999,99\u00a0€'],
])('%s cents', (cents, words) => expect(formatEuros(cents)).toBe(words));

test.each([
  ['2026-06-15', '15\u00a0juin\u00a02026'],
  ['2026-08-01', '1er\u00a0août\u00a02026'],
  ['2028-02-29', '29\u00a0février\u00a02028'],
])('%s', (date, words) => expect(formatDate(date)).toBe(words));

test('days', () => {
  expect(formatDays(1)).toBe('1\u00a0jour');
  expect(formatDays(17)).toBe('17\u00a0jours');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-07-01', '2026-06-30')).toBe(-1);
});

test('rates', () => {
  expect(formatRate(1215n)).toBe('12,15\u00a0%');
  expect(formatRate(900n)).toBe('9,00\u00a0%');
});

test('an instant has the date of Paris', () => {
  expect(dateInParis(new Date('2026-06-30T22:00:00Z'))).toBe('2026-07-01');
  expect(dateInParis(new Date('2026-12-31T22:59:59Z'))).toBe('2026-12-31');
});

import { daysBetween, formatDate, formatDays } from './formats.ts';

test.each([
  ['2026-06-15', '15 juin 2026'],
  ['2026-08-01', '1er août 2026'],
  ['2028-02-29', '29 février 2028'],
])('%s', (date, words) => expect(formatDate(date)).toBe(words));

test('days', () => {
  expect(formatDays(1)).toBe('1\u00a0jour');
  expect(formatDays(17)).toBe('17\u00a0jours');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-07-01', '2026-06-30')).toBe(-1);
});

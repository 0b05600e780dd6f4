import { daysBetween, formatDays } from './formats.ts';

test('days', () => {
  expect(formatDays(1)).toBe('1\u00a0jour');
  expect(formatDays(17)).toBe('17\u00a0jours');
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-07-01', '2026-06-30')).toBe(-1);
});

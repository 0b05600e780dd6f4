import { daysBetween, lateness } from './lateness.ts';

test('a payment is late from the day after it was due', () => {
  expect(lateness('2026-06-14', '2026-06-14')).toBeUndefined();
  expect(lateness('2026-06-14', '2026-06-15')).toBe('1\u00a0jour');
});

test('days', () => {
  expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  expect(daysBetween('2026-07-01', '2026-06-30')).toBe(-1);
});

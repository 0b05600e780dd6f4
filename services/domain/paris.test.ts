import { dateInParis, inParis, todayInParis } from './paris.ts';

test('an instant is the day it is in Paris, summer and winter', () => {
  expect(dateInParis(new Date('2026-07-14T22:30:00Z'))).toBe('2026-07-15');
  expect(dateInParis(new Date('2026-12-31T22:59:59Z'))).toBe('2026-12-31');
  expect(dateInParis(new Date('2026-03-27T23:30:00Z'))).toBe('2026-03-28');
  expect(inParis(new Date('2026-06-30T22:00:00Z')).toPlainTime().toString()).toBe('00:00:00');
});

test('today is the day of now', () => {
  const before = dateInParis(new Date());
  const today = todayInParis();
  expect([before, dateInParis(new Date())]).toContain(today);
});

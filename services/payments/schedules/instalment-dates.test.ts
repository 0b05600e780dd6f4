import fc from 'fast-check';
import { instalmentDates } from './instalment-dates.ts';

test.each([
  ['2026-01-31', 4, 1, ['2026-01-31', '2026-02-28', '2026-03-31', '2026-04-30']],
  ['2027-12-30', 3, 1, ['2027-12-30', '2028-01-30', '2028-02-29']],
  ['2026-05-15', 3, 3, ['2026-05-15', '2026-08-15', '2026-11-15']],
  ['2024-02-29', 2, 12, ['2024-02-29', '2025-02-28']],
  ['2026-03-09', 1, 1, ['2026-03-09']],
])('from %s, %i times, every %i months', (first, count, everyMonths, dates) => {
  expect(instalmentDates(first, count, everyMonths)).toEqual(dates);
});

test('dates ascend, a month apart each, on the day of the first one or the last of the month', () => {
  const firsts = fc.date({
    min: new Date('1990-01-01'),
    max: new Date('2180-12-31'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(
      firsts,
      fc.integer({ min: 1, max: 120 }),
      fc.integer({ min: 1, max: 12 }),
      (first, count, every) => {
        const start = first.toISOString().slice(0, 10);
        const dates = instalmentDates(start, count, every);
        expect(dates).toHaveLength(count);
        expect(dates[0]).toBe(start);
        const told = dates.map((date) => {
          const [year, month, day] = date.split('-').map(Number) as [number, number, number];
          const months = year * 12 + month - (first.getUTCFullYear() * 12 + first.getUTCMonth() + 1);
          return { months, day, lastOfMonth: new Date(Date.UTC(year, month, 0)).getUTCDate() };
        });
        expect(told).toEqual(
          told.map(({ lastOfMonth }, index) => ({
            months: index * every,
            day: Math.min(first.getUTCDate(), lastOfMonth),
            lastOfMonth,
          })),
        );
      },
    ),
  );
});

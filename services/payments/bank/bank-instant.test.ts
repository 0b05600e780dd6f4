import { bankInstant } from './bank-instant.ts';

test.each([
  ['2026-03-10', '2026-03-10T00:00:00.000Z'],
  ['2026-03-10T23:30:00', '2026-03-10T22:30:00.000Z'],
  ['2026-07-10T00:30:00.5', '2026-07-09T22:30:00.500Z'],
  // the hour that summer time leaps over
  ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  ['2026-03-10T23:30:00Z', '2026-03-10T23:30:00.000Z'],
  ['2026-03-10T23:30:00+02:00', '2026-03-10T21:30:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(bankInstant(text)?.toISOString()).toBe(instant);
});

test.each([undefined, '', 'hier', '1899-12-31', '2999-01-01T10:00:00', '2026-03-10T25:00:00', 'T12:00'])(
  '%s is none',
  (text) => expect(bankInstant(text)).toBeUndefined(),
);

import { bankInstant } from './bank-instant.ts';

test.each([
  ['2026-03-10', '2026-03-10T00:00:00.000Z'],
  ['2026-03-10T23:30:00', '2026-03-10T22:30:00.000Z'],
  ['2026-07-10T00:30:00.5', '2026-07-09T22:30:00.500Z'],
  // the hour that summer time skips
  ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  ['2026-03-10T23:30:00Z', '2026-03-10T23:30:00.000Z'],
  ['2026-03-10T23:30:00+02:00', '2026-03-10T21:30:00.000Z'],
  ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  // a day is that day, in any zone
  ['2026-11-20+01:00', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20Z', '2026-11-20T00:00:00.000Z'],
  ['2026-11-20-05:00', '2026-11-20T00:00:00.000Z'],
  ['2026-03-10T24:00:00', '2026-03-10T23:00:00.000Z'],
  ['2026-03-10T24:00:00.000', '2026-03-10T23:00:00.000Z'],
  ['2026-03-10T24:00:00Z', '2026-03-11T00:00:00.000Z'],
  ['2026-12-31T24:00:00+01:00', '2026-12-31T23:00:00.000Z'],
  ['2026-03-10T10:00:00.123456789012', '2026-03-10T09:00:00.123Z'],
])('%s is %s', (text, instant) => {
  expect(bankInstant(text)?.toISOString()).toBe(instant);
});

test.each([
  undefined,
  '',
  'hier',
  '1899-12-31',
  '2999-01-01T10:00:00',
  '2026-03-10T25:00:00',
  'T12:00',
  '2026-02-30',
  '2026-03-10T24:00:01',
  '2026-03-10T24:00:00.001',
])('%s is none', (text) => expect(bankInstant(text)).toBeUndefined());

const inDays = (days: number) => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10);

test('a booking day ahead is taken as said: of Saturday for Monday, over a long weekend; none of next year', () => {
  for (const days of [2, 4, 31]) expect(bankInstant(inDays(days))).toEqual(new Date(inDays(days)));
  expect(bankInstant(inDays(90))).toBeUndefined();
});

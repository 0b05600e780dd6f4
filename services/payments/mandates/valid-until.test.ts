import { validUntil, validUntilAfter } from './valid-until.ts';

test.each([
  ['2023-11-28', '', '2026-11-28'],
  ['2023-11-28', '2024-01-31', '2027-01-31'],
  ['2024-02-29', '', '2027-02-28'],
  ['2021-03-31', '2025-02-28', '2028-02-28'],
  // collections of another system, then the mandate was signed again
  ['2026-01-15', '2025-12-01', '2029-01-15'],
])('signed on %s, last used for %p: valid until %s', (dateSignature, dernierePresentation, until) => {
  expect(validUntil({ dateSignature, dernierePresentation })).toBe(until);
});

test('debits that come before have it live on, as long as it is alive then', () => {
  const used = { dateSignature: '2023-12-01', dernierePresentation: '' };
  expect(validUntilAfter(used, ['2026-06-01', '2029-05-31'])).toBe('2032-05-31');
  expect(validUntilAfter(used, ['2026-12-02', '2027-01-01'])).toBe('2026-12-01');
});

import { readAmount, writtenAmount } from './read-amount.ts';

test.each<[string, bigint | undefined]>([
  ['1 240,50', 124_050n],
  ['1240,5', 124_050n],
  ['1240.50 €', 124_050n],
  ['1 240 €', 124_000n],
  ['1 240,50 €', 124_050n],
  [' 12, ', 1_200n],
  ['0', 0n],
  ['0,01', 1n],
  // could be read in two ways, or is no amount
  ['1.240', undefined],
  ['1,240', undefined],
  ['1.240,50', undefined],
  ['12 40', undefined],
  ['1 2', undefined],
  ['-5', undefined],
  ['5e3', undefined],
  ['douze', undefined],
  ['€', undefined],
  ['', undefined],
  ['9'.repeat(30), undefined],
])('the amount written as %j is %s cents', (written, cents) => expect(readAmount(written)).toBe(cents));

test('an amount is written as it is read', () => {
  for (const cents of [0n, 5n, 124_050n]) expect(readAmount(writtenAmount(cents))).toBe(cents);
});

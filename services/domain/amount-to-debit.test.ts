import { amountToDebit } from './amount-to-debit.ts';

test.each([
  ['all of it, where that much is left', 500n, 0n, 700n, 500n],
  ['what is left, where that is less', 500n, 0n, 200n, 200n],
  ['nothing, where nothing is left', 500n, 0n, 0n, 0n],
  ['nothing, where more was taken already', 500n, 0n, -100n, 0n],
  ['what was asked for above what was left', 500n, 100n, 400n, 500n],
  ['no more above it than was asked for', 500n, 100n, 200n, 300n],
  ['nothing of an invoice that was paid since', 500n, 100n, 0n, 0n],
  ['all that was asked for of an invoice of which nothing was left', 500n, 500n, 0n, 500n],
])('a debit takes %s', (_, montant, depassement, left, takes) => {
  expect(amountToDebit({ montant, depassement }, left)).toBe(takes);
});

import fc from 'fast-check';
import { splitAmount } from './split-amount.ts';

test.each([
  [10_000n, 3, [3_334n, 3_333n, 3_333n]],
  [100n, 1, [100n]],
  [5n, 3, [2n, 2n, 1n]],
  [3n, 3, [1n, 1n, 1n]],
])('%s cents in %i parts', (montant, parts, expected) => {
  expect(splitAmount(montant, parts)).toEqual(expected);
});

test('the parts sum to the amount, differ by a cent at most, and none is larger than one before it', () => {
  const cases = fc.tuple(fc.bigInt({ min: 120n, max: 1_000_000_000_000n }), fc.integer({ min: 1, max: 120 }));
  fc.assert(
    fc.property(cases, ([montant, parts]) => {
      const amounts = splitAmount(montant, parts);
      expect(amounts).toHaveLength(parts);
      expect(amounts.reduce((sum, amount) => sum + amount)).toBe(montant);
      expect(amounts[0]! - amounts.at(-1)!).toBeLessThanOrEqual(1n);
      expect(amounts.every((amount, index) => index === 0 || amount <= amounts[index - 1]!)).toBe(true);
      expect(amounts.at(-1)).toBeGreaterThan(0n);
    }),
  );
});

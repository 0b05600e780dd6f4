import fc from 'fast-check';
import { montantCommission, tranches, type Bareme } from './montant-commission.ts';

const none = { montantFixe: 0n, tauxPointsBase: 0, paliers: [] };
const fixe = (montantFixe: bigint): Bareme => ({ ...none, type: 'FIXE', montantFixe });
const pourcentage = (tauxPointsBase: number): Bareme => ({ ...none, type: 'POURCENTAGE', tauxPointsBase });
const paliers = (...tiers: [bigint, number][]): Bareme => ({
  ...none,
  type: 'PALIERS',
  paliers: tiers.map(([aPartirDe, tauxPointsBase]) => ({ aPartirDe, tauxPointsBase })),
});

test.each([
  [fixe(5000n), 100_000n, 5000n],
  [fixe(5000n), 4999n, 4999n],
  [pourcentage(250), 100_000n, 2500n],
  // 2.5 % of 0.20 € is half a cent, rounded up; of 0.19 € it is less, rounded down
  [pourcentage(250), 20n, 1n],
  [pourcentage(250), 19n, 0n],
  [pourcentage(10_000), 1n, 1n],
  // beyond 2^53, where floats are not exact
  [pourcentage(9_999), 999_999_999_999n, 999_899_999_999n],
  [paliers([0n, 500], [100_000n, 300]), 150_000n, 6500n],
  [paliers([0n, 500], [100_000n, 300]), 100_000n, 5000n],
  [paliers([0n, 500], [100_000n, 300]), 100_001n, 5000n],
  // each part alone would be rounded to 0: only the sum is rounded
  [paliers([0n, 4000], [1n, 4000], [2n, 4000]), 3n, 1n],
  [paliers([0n, 0], [100n, 10_000]), 100n, 0n],
])('by hand %#', (bareme, base, montant) => {
  expect(montantCommission(bareme, base)).toBe(montant);
});

const cents = fc.bigInt({ min: 1n, max: 1_000_000_000_000n });
const taux = fc.integer({ min: 0, max: 10_000 });
const anyBareme = fc.oneof(
  cents.map(fixe),
  taux.map(pourcentage),
  fc
    .uniqueArray(fc.tuple(cents, taux), { selector: ([from]) => from, maxLength: 19 })
    .chain((tiers) => taux.map((first) => [[0n, first] as [bigint, number], ...tiers]))
    .map((tiers) => paliers(...tiers.sort(([a], [b]) => (a < b ? -1 : 1)))),
);
const two = fc.tuple(cents, cents).map(([a, b]) => (a < b ? ([a, b] as const) : ([b, a] as const)));

test('a commission is never negative and never more than was paid', () => {
  fc.assert(
    fc.property(anyBareme, cents, (bareme, base) => {
      const montant = montantCommission(bareme, base);
      return montant >= 0n && montant <= base;
    }),
  );
});

test('more paid never earns less', () => {
  fc.assert(
    fc.property(
      anyBareme,
      two,
      (bareme, [less, more]) => montantCommission(bareme, less) <= montantCommission(bareme, more),
    ),
  );
});

test('the tranches of an amount are the amount, none of them empty', () => {
  fc.assert(
    fc.property(anyBareme, cents, (bareme, base) => {
      const parts = tranches(bareme, base).map(({ montant }) => montant);
      return parts.reduce((sum, part) => sum + part, 0n) === base && parts.every((part) => part > 0n);
    }),
  );
});

test('tiers of one rate are a percentage', () => {
  fc.assert(
    fc.property(taux, two, cents, (rate, [second, third], base) => {
      fc.pre(second < third);
      const tiers = paliers([0n, rate], [second, rate], [third, rate]);
      return montantCommission(tiers, base) === montantCommission(pourcentage(rate), base);
    }),
  );
});

test('it is off by half a cent at most', () => {
  fc.assert(
    fc.property(taux, cents, (rate, base) => {
      const error = montantCommission(pourcentage(rate), base) * 10_000n - base * BigInt(rate);
      return error > -5_000n && error <= 5_000n;
    }),
  );
});

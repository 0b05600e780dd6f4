import { TotalTva } from '@crm/proto/factures/factures';
import fc from 'fast-check';
import { splitVat } from './split-vat.ts';

const rate = (tauxPointsBase: number, baseHt: bigint, montant: bigint) =>
  TotalTva.fromPartial({ tauxPointsBase, baseHt, montant });

test('one rate: in proportion', () => {
  expect(splitVat([rate(2000, 833n, 167n)], [], 500n)).toEqual({
    ...{ tva: [rate(2000, 416n, 84n)], montantHt: 416n, montantTva: 84n },
  });
});

test('two rates: each bears its part', () => {
  const tva = [rate(2000, 10_000n, 2_000n), rate(550, 10_000n, 550n)];
  expect(splitVat(tva, [], 2_255n)).toEqual({
    tva: [rate(2000, 1_000n, 200n), rate(550, 1_000n, 55n)],
    montantHt: 2_000n,
    montantTva: 255n,
  });
});

test('credited in full it is the invoice, rate by rate; a rate that bears nothing is not named', () => {
  const tva = [rate(2000, 10_001n, 2_000n), rate(550, 333n, 18n), rate(0, 50n, 0n)];
  expect(splitVat(tva, [], 12_402n)).toEqual({ tva, montantHt: 10_384n, montantTva: 2_018n });
  expect(splitVat([rate(2000, 1000n, 200n), rate(550, 1n, 0n)], [], 1n).tva).toEqual([rate(2000, 1n, 0n)]);
});

const rates = fc
  .uniqueArray(fc.integer({ min: 0, max: 2500 }), { minLength: 1, maxLength: 4 })
  .chain((taux) =>
    fc.tuple(
      ...taux.map((points) =>
        fc
          .bigInt({ min: 1n, max: 1_000_000n })
          .map((ht) => rate(points, ht, (ht * BigInt(points)) / 10_000n)),
      ),
    ),
  );

test('any credit notes: amounts add up, nothing is negative, and together they are the invoice', () => {
  fc.assert(
    fc.property(rates, fc.array(fc.integer({ min: 1, max: 100 }), { maxLength: 8 }), (tva, percents) => {
      let left = tva.reduce((total, { baseHt, montant }) => total + baseHt + montant, 0n);
      const earlier: bigint[] = [];
      const credited = new Map(tva.map(({ tauxPointsBase }) => [tauxPointsBase, { ht: 0n, vat: 0n }]));
      const credit = (amount: bigint) => {
        const parts = splitVat(tva, earlier, amount);
        expect(parts.montantHt + parts.montantTva).toBe(amount);
        expect(parts.tva.reduce((total, { baseHt }) => total + baseHt, 0n)).toBe(parts.montantHt);
        for (const { tauxPointsBase, baseHt, montant } of parts.tva) {
          expect(baseHt >= 0n && montant >= 0n).toBe(true);
          const sofar = credited.get(tauxPointsBase)!;
          credited.set(tauxPointsBase, { ht: sofar.ht + baseHt, vat: sofar.vat + montant });
        }
        earlier.push(amount);
        left -= amount;
      };
      for (const percent of percents) {
        const amount = (left * BigInt(percent)) / 100n;
        if (amount > 0n) credit(amount);
      }
      if (left > 0n) credit(left);
      for (const { tauxPointsBase, baseHt, montant } of tva) {
        expect(credited.get(tauxPointsBase)).toEqual({ ht: baseHt, vat: montant });
      }
    }),
    { numRuns: 300 },
  );
});

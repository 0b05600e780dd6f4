import { LigneFacture } from '@crm/proto/factures/factures';
import fc from 'fast-check';
import { priceInvoice } from './price-invoice.ts';

const ligne = (prixUnitaireHt: bigint, tauxTvaPointsBase?: number, quantiteMilliemes = 0n) =>
  LigneFacture.fromPartial({ designation: 'X', prixUnitaireHt, tauxTvaPointsBase, quantiteMilliemes });
const ofLines = (...lignes: LigneFacture[]) => priceInvoice({ montant: 0n, lignes, objet: '' });
const ofTotal = (montant: bigint, tauxTvaPointsBase?: number) =>
  priceInvoice({ montant, lignes: [], objet: 'Objet', tauxTvaPointsBase });

test('an amount alone includes VAT at 20 %, and is one line', () => {
  expect(ofTotal(1000n)).toEqual({
    montant: 1000n,
    montantHt: 833n,
    montantTva: 167n,
    lignes: [{ ...ligne(833n, 2000, 1000n), designation: 'Objet', montantHt: 833n }],
    tva: [{ tauxPointsBase: 2000, baseHt: 833n, montant: 167n }],
  });
  expect(ofTotal(1000n, 0)).toMatchObject({ montantHt: 1000n, montantTva: 0n });
  // no whole number of cents plus 20 % makes 3 cents: the difference is VAT
  expect(ofTotal(3n)).toMatchObject({ montantHt: 3n, montantTva: 0n });
});

test('the parts of an amount add up to it, whatever amount and rate, and are within half a cent of exact', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 1_000_000_000_000n), fc.integer({ min: 0, max: 10_000 }), (montant, taux) => {
      const price = ofTotal(montant, taux);
      expect(price.montantHt + price.montantTva).toBe(montant);
      expect(price.montantTva).toBe(price.tva[0]!.montant);
      const error = price.montantHt * BigInt(10_000 + taux) - montant * 10_000n;
      expect(2n * (error < 0n ? -error : error)).toBeLessThanOrEqual(BigInt(10_000 + taux));
    }),
  );
});

test('a line is rounded half up to the cent; VAT is computed on the sum of a rate’s lines', () => {
  // 0.5 × 0.01 € rounds to a cent, 0.499 × 0.01 € to none
  expect(ofLines(ligne(1n, 0, 500n)).lignes[0]!.montantHt).toBe(1n);
  expect(ofLines(ligne(1n, 0, 499n), ligne(1n)).lignes[0]!.montantHt).toBe(0n);
  // three lines of 2 cents: 20 % of 6 rounds to 1; line by line it would be 0
  expect(ofLines(ligne(2n), ligne(2n), ligne(2n))).toMatchObject({
    montantHt: 6n,
    montantTva: 1n,
    montant: 7n,
  });
  const mixed = ofLines(ligne(10_000n), ligne(10_000n, 550), ligne(33n, 550), ligne(50n, 0));
  expect(mixed.tva).toEqual([
    { tauxPointsBase: 2000, baseHt: 10_000n, montant: 2000n },
    { tauxPointsBase: 550, baseHt: 10_033n, montant: 552n },
    { tauxPointsBase: 0, baseHt: 50n, montant: 0n },
  ]);
  expect(mixed).toMatchObject({ montantHt: 20_083n, montantTva: 2552n, montant: 22_635n });
});

test('lines, rates and the total agree, whatever the lines', () => {
  const anyLine = fc.record({
    quantite: fc.bigInt(0n, 5_000n),
    prix: fc.bigInt(1n, 1_000_000n),
    taux: fc.constantFrom(undefined, 0, 210, 550, 1000, 2000),
  });
  fc.assert(
    fc.property(fc.array(anyLine, { minLength: 1, maxLength: 20 }), (lines) => {
      const lignes = [
        ligne(100n, 0),
        ...lines.map(({ quantite, prix, taux }) => ligne(prix, taux, quantite)),
      ];
      const price = ofLines(...lignes);
      const sum = (amounts: bigint[]) => amounts.reduce((total, amount) => total + amount, 0n);
      expect(sum(price.lignes.map(({ montantHt }) => montantHt))).toBe(price.montantHt);
      expect(sum(price.tva.map(({ baseHt }) => baseHt))).toBe(price.montantHt);
      expect(sum(price.tva.map(({ montant }) => montant))).toBe(price.montantTva);
      expect(price.montantHt + price.montantTva).toBe(price.montant);
      expect(priceInvoice({ montant: price.montant, lignes, objet: '' })).toEqual(price);
    }),
  );
});

test('what makes no price is the montant’s fault, or the lines’', () => {
  const refused = (montant: bigint, ...lignes: LigneFacture[]) => {
    try {
      priceInvoice({ montant, lignes, objet: '' });
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refused(0n)).toMatch(/^montant: must be told/);
  expect(refused(121n, ligne(100n))).toMatch(/^montant: .*120 cents/);
  expect(refused(0n, ligne(0n))).toMatch(/^montant: must be more than 0/);
  expect(refused(0n, ligne(1_000_000_000_000n, 2000, 1_000_000_000n))).toMatch(
    /^lignes: must not come to more/,
  );
});

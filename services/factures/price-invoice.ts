import { NORMAL_VAT_RATE } from '@crm/domain';
import { invalid } from '@crm/kit';
import { LigneFacture, TotalTva } from '@crm/proto/factures/factures';

/** A rate of 100 %. */
const WHOLE = 10_000n;
/** A quantity of one, in thousandths. */
const UNIT = 1000n;
/** Amounts of the contract end here, in cents (`rules.amount`). */
const MAX_MONTANT = 1_000_000_000_000n;

/** What an invoice's price is told by: its lines, or what it comes to. */
export type PriceRequest = {
  montant: bigint;
  lignes: LigneFacture[];
  objet: string;
  tauxTvaPointsBase?: number | undefined;
};

/** An invoice's lines and what they come to, in cents: `montantHt` + `montantTva` = `montant`. */
export type Price = {
  lignes: LigneFacture[];
  /** By rate, the highest first. */
  tva: TotalTva[];
  montantHt: bigint;
  montantTva: bigint;
  montant: bigint;
};

/**
 * What an invoice comes to.
 * @throws {RpcError} INVALID_ARGUMENT `montant`: neither told nor to be had from lines, or not what lines
 *   come to
 */
export function priceInvoice({ montant, lignes, objet, tauxTvaPointsBase }: PriceRequest): Price {
  if (lignes.length === 0 && montant === 0n)
    throw invalid('montant', 'must be told where there are no lignes');
  if (lignes.length === 0) return priceOfTotal(montant, objet, tauxTvaPointsBase ?? NORMAL_VAT_RATE);
  const price = priceOfLines(lignes);
  if (price.montant > MAX_MONTANT) throw invalid('lignes', `must not come to more than ${MAX_MONTANT} cents`);
  if (price.montant === 0n) throw invalid('montant', 'must be more than 0: the lignes come to nothing');
  if (montant !== 0n && montant !== price.montant) {
    throw invalid('montant', `must be what the lignes come to: ${price.montant} cents, VAT included`);
  }
  return price;
}

/** A price that includes VAT is split, not computed: whatever the rounding, its parts add up to it. */
function priceOfTotal(montant: bigint, designation: string, taux: number): Price {
  const montantHt = divideHalfUp(montant * WHOLE, WHOLE + BigInt(taux));
  const montantTva = montant - montantHt;
  const ligne = LigneFacture.fromPartial({
    designation,
    quantiteMilliemes: UNIT,
    prixUnitaireHt: montantHt,
    tauxTvaPointsBase: taux,
    montantHt,
  });
  const total = TotalTva.fromPartial({ tauxPointsBase: taux, baseHt: montantHt, montant: montantTva });
  return { lignes: [ligne], tva: [total], montantHt, montantTva, montant };
}

/**
 * Each line is rounded to the cent; VAT is computed once a rate, on the sum of its lines, as is the practice in France:
 * it differs less from the exact tax than what is rounded line by line.
 */
function priceOfLines(given: LigneFacture[]): Price {
  const lignes = given.map((ligne) => {
    const quantiteMilliemes = ligne.quantiteMilliemes || UNIT;
    return {
      ...ligne,
      quantiteMilliemes,
      tauxTvaPointsBase: ligne.tauxTvaPointsBase ?? NORMAL_VAT_RATE,
      montantHt: divideHalfUp(quantiteMilliemes * ligne.prixUnitaireHt, UNIT),
    };
  });
  const bases = new Map<number, bigint>();
  for (const { tauxTvaPointsBase: taux, montantHt } of lignes) {
    bases.set(taux, (bases.get(taux) ?? 0n) + montantHt);
  }
  const tva = [...bases]
    .sort(([one], [other]) => other - one)
    .map(([tauxPointsBase, baseHt]) => ({
      tauxPointsBase,
      baseHt,
      montant: divideHalfUp(baseHt * BigInt(tauxPointsBase), WHOLE),
    }));
  const montantHt = sum(lignes.map((ligne) => ligne.montantHt));
  const montantTva = sum(tva.map((total) => total.montant));
  return { lignes, tva, montantHt, montantTva, montant: montantHt + montantTva };
}

const sum = (amounts: bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** Half a cent is rounded up. Of amounts that are not negative. */
const divideHalfUp = (amount: bigint, by: bigint): bigint => (2n * amount + by) / (2n * by);

import { NORMAL_VAT_RATE } from '@crm/domain';
import { invalid } from '@crm/kit';
import { LigneFacture, TotalTva } from '@crm/proto/factures/factures';

/** 100 % in hundredths of a percent. */
const WHOLE = 10_000n;
/** A quantity of one, in thousandths. */
const UNIT = 1000n;
/** The largest amount of the contract, in cents (`rules.amount`). */
const MAX_MONTANT = 1_000_000_000_000n;

/** The given price of an invoice: its lines, or its total. */
export type PriceRequest = {
  montant: bigint;
  lignes: LigneFacture[];
  objet: string;
  tauxTvaPointsBase?: number | undefined;
};

/** The lines of an invoice and its totals in cents: `montantHt` + `montantTva` = `montant`. */
export type Price = {
  lignes: LigneFacture[];
  /** VAT by rate, highest rate first. */
  tva: TotalTva[];
  montantHt: bigint;
  montantTva: bigint;
  montant: bigint;
};

/**
 * Computes the price of an invoice.
 * @throws {RpcError} INVALID_ARGUMENT `montant`: missing without lines, or different from the sum of the
 *   lines
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

/** A total that includes VAT is split: the parts always add up to it, whatever the rounding. */
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
 * Each line is rounded to the cent. VAT is computed once per rate on the sum of its lines, as is usual in
 * France: it is closer to the exact tax than rounding line by line.
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

/** Divides and rounds half a cent up. For amounts that are not negative. */
const divideHalfUp = (amount: bigint, by: bigint): bigint => (2n * amount + by) / (2n * by);

import { TotalTva } from '@crm/proto/factures/factures';

/** The parts of a credit note in cents: `montantHt` + `montantTva` = its amount. */
export type CreditNoteParts = { tva: TotalTva[]; montantHt: bigint; montantTva: bigint };

/**
 * Computes the VAT in a credit note, by rate. Its amount includes VAT and names no lines. Each rate takes a
 * share in proportion to what of the invoice is not credited yet at that rate; remaining cents go to the
 * largest fractions; within a rate, VAT takes its proportional part. So a rate is never credited beyond what
 * was invoiced at it, and the credit notes of a fully credited invoice add up exactly to its VAT at each rate
 * (CGI art. 272, 1: the tax is recovered if the invoice is corrected).
 * @param tva of the invoice
 * @param earlier the amounts of its earlier credit notes, oldest first
 * @param montant of this one, at most what is left
 */
export function splitVat(tva: TotalTva[], earlier: bigint[], montant: bigint): CreditNoteParts {
  let left = tva;
  for (const credited of earlier) left = subtract(left, split(left, credited));
  const parts = split(left, montant).filter(({ baseHt, montant: vat }) => baseHt + vat > 0n);
  const montantTva = sum(parts.map((part) => part.montant));
  return { tva: parts, montantHt: montant - montantTva, montantTva };
}

const whole = ({ baseHt, montant }: TotalTva): bigint => baseHt + montant;
const sum = (amounts: bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

const subtract = (from: TotalTva[], parts: TotalTva[]): TotalTva[] =>
  from.map((total, index) => ({
    ...total,
    baseHt: total.baseHt - parts[index]!.baseHt,
    montant: total.montant - parts[index]!.montant,
  }));

/** Divides an amount into one part per rate. */
function split(left: TotalTva[], amount: bigint): TotalTva[] {
  const total = sum(left.map(whole));
  if (total === 0n) return left.map((rate) => ({ ...rate, baseHt: 0n, montant: 0n }));
  const shares = left.map((rate) => (amount * whole(rate)) / total);
  const byFraction = left
    .map((rate, index) => ({ index, rest: (amount * whole(rate)) % total }))
    .sort((one, other) =>
      one.rest === other.rest ? one.index - other.index : one.rest < other.rest ? 1 : -1,
    );
  // fewer cents than rates remain, and only shares with a fraction get one, so no share exceeds its rate
  for (let over = Number(amount - sum(shares)), at = 0; over > 0; over -= 1, at += 1) {
    shares[byFraction[at]!.index]! += 1n;
  }
  return left.map((rate, index) => {
    const share = shares[index]!;
    const montant = whole(rate) === 0n ? 0n : (2n * share * rate.montant + whole(rate)) / (2n * whole(rate));
    return { tauxPointsBase: rate.tauxPointsBase, baseHt: share - montant, montant };
  });
}

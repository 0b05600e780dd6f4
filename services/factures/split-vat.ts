import { TotalTva } from '@crm/proto/factures/factures';

/** What a credit note is made of, in cents: `montantHt` + `montantTva` = its amount. */
export type CreditNoteParts = { tva: TotalTva[]; montantHt: bigint; montantTva: bigint };

/**
 * What of a credit note is VAT, and at which rate. Its amount includes VAT and names no lines: each rate
 * bears it in proportion to what of the invoice is not credited yet at that rate, cents that are left over
 * going to the largest fractions; within a rate VAT bears it in proportion to its part. So no rate is ever
 * credited beyond what was invoiced at it, and the credit notes of an invoice that is credited in full come
 * to its VAT, rate by rate, to the cent (CGI art. 272, 1: the tax is recovered where the invoice is
 * corrected).
 * @param tva of the invoice
 * @param earlier the amounts of its credit notes so far, the oldest first
 * @param montant of this one, at most what they leave
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

/** One part for each rate. */
function split(left: TotalTva[], amount: bigint): TotalTva[] {
  const total = sum(left.map(whole));
  if (total === 0n) return left.map((rate) => ({ ...rate, baseHt: 0n, montant: 0n }));
  const shares = left.map((rate) => (amount * whole(rate)) / total);
  const byFraction = left
    .map((rate, index) => ({ index, rest: (amount * whole(rate)) % total }))
    .sort((one, other) =>
      one.rest === other.rest ? one.index - other.index : one.rest < other.rest ? 1 : -1,
    );
  // fewer cents than rates are left over, and only where there is a fraction: no share outgrows its rate
  for (let over = Number(amount - sum(shares)), at = 0; over > 0; over -= 1, at += 1) {
    shares[byFraction[at]!.index]! += 1n;
  }
  return left.map((rate, index) => {
    const share = shares[index]!;
    const montant = whole(rate) === 0n ? 0n : (2n * share * rate.montant + whole(rate)) / (2n * whole(rate));
    return { tauxPointsBase: rate.tauxPointsBase, baseHt: share - montant, montant };
  });
}

import { TypeBareme, type BaremeCommission, type Palier } from '@crm/proto/commerciaux/commerciaux';

/** Rates are in hundredths of a percent: 100 % is ten thousand. */
const WHOLE = 10_000n;

/** The figures of a barème. */
export type Bareme = Pick<BaremeCommission, 'type' | 'montantFixe' | 'tauxPointsBase' | 'paliers'>;

/** A part of an amount in cents, and its rate in hundredths of a percent. */
export type Tranche = { montant: bigint; tauxPointsBase: number };

/**
 * The commission on a payment, in cents.
 * - FIXE: the fixed amount, at most the payment.
 * - POURCENTAGE: the payment times the rate.
 * - PALIERS: marginal, like income tax: each part of the payment at the rate of its tier.
 *
 * Computed with integers and rounded once at the end: to the nearest cent, half a cent up.
 * @param base the payment in cents, not negative
 */
export function montantCommission(bareme: Bareme, base: bigint): bigint {
  if (bareme.type === TypeBareme.FIXE) return bareme.montantFixe < base ? bareme.montantFixe : base;
  const shares = tranches(bareme, base).map(
    ({ montant, tauxPointsBase }) => montant * BigInt(tauxPointsBase),
  );
  const exact = shares.reduce((sum, share) => sum + share, 0n);
  return (exact + WHOLE / 2n) / WHOLE;
}

/** The parts of an amount with their rates. The parts add up to the amount. */
export const tranches = ({ type, tauxPointsBase, paliers }: Bareme, base: bigint): Tranche[] =>
  type === TypeBareme.PALIERS ? cut(paliers, base) : [{ montant: base, tauxPointsBase }];

/** Cuts an amount at the beginnings of the tiers, which are ascending and start at 0. */
const cut = (paliers: Palier[], base: bigint): Tranche[] =>
  paliers
    .filter(({ aPartirDe }) => aPartirDe < base)
    .map(({ aPartirDe, tauxPointsBase }, index, reached) => ({
      montant: (reached[index + 1]?.aPartirDe ?? base) - aPartirDe,
      tauxPointsBase,
    }));

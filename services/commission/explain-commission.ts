import { formatEuros } from '@crm/domain';
import { TypeBareme } from '@crm/proto/commerciaux/commerciaux';
import { tranches, type Bareme } from './montant-commission.ts';

const nombre = new Intl.NumberFormat('fr-FR', { maximumFractionDigits: 2 });

/** The computation in French: « 5 % de 1 000,00 € + 3 % de 500,00 € ». */
export function explainCommission(bareme: Bareme, base: bigint): string {
  if (bareme.type === TypeBareme.FIXE) {
    const fixe = `${formatEuros(bareme.montantFixe)} par paiement`;
    return bareme.montantFixe > base ? `${fixe}, dans la limite de ${formatEuros(base)} payés` : fixe;
  }
  return tranches(bareme, base)
    .map(
      ({ montant, tauxPointsBase }) =>
        `${nombre.format(tauxPointsBase / 100)}\u00a0% de ${formatEuros(montant)}`,
    )
    .join(' + ');
}

import { formatEuros } from '@crm/domain';
import { TypeAlerte, type Alerte } from '@crm/proto/dashboard/dashboard';
import type { Temporal } from 'temporal-polyfill';

/** A month with less than this percentage of the previous month's income raises an alert. */
const PERCENT_EXPECTED = 80n;

/** Two full months and their income in cents. */
export type Mois = { debut: Temporal.PlainDate; encaissements: bigint; precedent: bigint };

/** The alert for a month with at least 20 % less income than the one before; undefined if there is none. */
export function baisseEncaissements(
  organisationId: string,
  { debut, encaissements, precedent }: Mois,
): Alerte | undefined {
  if (precedent === 0n || encaissements * 100n > precedent * PERCENT_EXPECTED) return undefined;
  const mois = debut.toLocaleString('fr-FR', { month: 'long', year: 'numeric' });
  return {
    type: TypeAlerte.BAISSE_ENCAISSEMENTS,
    organisationId,
    message: `Encaissements en ${mois} : ${formatEuros(encaissements)}, contre ${formatEuros(precedent)} le mois précédent.`,
    reference: '',
    montant: precedent - encaissements,
    depuis: debut.toString(),
  };
}

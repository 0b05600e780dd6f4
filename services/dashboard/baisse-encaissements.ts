import { formatEuros } from '@crm/domain';
import { TypeAlerte, type Alerte } from '@crm/proto/dashboard/dashboard';
import type { Temporal } from 'temporal-polyfill';

/** An alert is due when a month brought in less than this percentage of the month before. */
const PERCENT_EXPECTED = 80n;

/** Two full months and what came in, in cents. */
export type Mois = { debut: Temporal.PlainDate; encaissements: bigint; precedent: bigint };

/** The alert on a month that brought in at least a fifth less than the one before, if it did. */
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

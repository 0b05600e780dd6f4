import { dateInParis } from '@crm/domain';
import { type Call, organisationOrDefault } from '@crm/kit';
import type {
  EnregistrerEncaissementRequest,
  EnregistrerEncaissementResponse,
} from '@crm/proto/dashboard/dashboard';

/**
 * Counts a payment on the Paris day of its reception, once, however often it is reported. If the bank returns
 * it and it is collected again, it counts once, on the later day, whatever the order of the reports.
 */
export function enregistrerEncaissement(
  { organisationId, paymentId, montant, dateReception }: EnregistrerEncaissementRequest,
  call: Call,
): Promise<EnregistrerEncaissementResponse> {
  const jour = dateInParis(dateReception!);
  return call.once(
    async (tx) => {
      await tx.$executeRaw`
        INSERT INTO dashboard.encaissements AS e (payment_id, organisation_id, montant, jour)
        VALUES (${paymentId}, ${organisationOrDefault(organisationId)}, ${montant}, ${jour}::date)
        ON CONFLICT (payment_id) DO UPDATE SET montant = excluded.montant, jour = excluded.jour
        WHERE e.jour < excluded.jour`;
      return { jour };
    },
    { idOf: (counted) => counted.jour, read: (_, id) => Promise.resolve({ jour: id }) },
  );
}

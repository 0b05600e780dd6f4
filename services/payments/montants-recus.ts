import type { Db } from '@crm/db';
import { StatutPaiement, type MontantRecu } from '@crm/proto/payments/payments';

/**
 * The amount collected for each invoice, in cents, in the order of the ids; 0 if nothing was paid.
 * @param depuis only what was received at this instant or later
 */
export async function montantsRecus(db: Db, invoiceIds: string[], depuis?: Date): Promise<MontantRecu[]> {
  const sums = await db.payment.groupBy({
    by: ['invoiceId'],
    where: {
      invoiceId: { in: invoiceIds },
      statut: StatutPaiement.ENCAISSE,
      ...(depuis && { dateReception: { gte: depuis } }),
    },
    _sum: { montant: true },
  });
  const collected = new Map(sums.map(({ invoiceId, _sum }) => [invoiceId, _sum.montant]));
  return invoiceIds.map((invoiceId) => ({ invoiceId, montant: collected.get(invoiceId) ?? 0n }));
}

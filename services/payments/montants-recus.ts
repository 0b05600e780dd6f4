import type { Db } from '@crm/db';
import { StatutPaiement, type MontantRecu } from '@crm/proto/payments/payments';

/** What was collected of each invoice, cents, in the order of their ids; nothing for one that nobody paid. */
export async function montantsRecus(db: Db, invoiceIds: string[]): Promise<MontantRecu[]> {
  const sums = await db.payment.groupBy({
    by: ['invoiceId'],
    where: { invoiceId: { in: invoiceIds }, statut: StatutPaiement.ENCAISSE },
    _sum: { montant: true },
  });
  const collected = new Map(sums.map(({ invoiceId, _sum }) => [invoiceId, _sum.montant]));
  return invoiceIds.map((invoiceId) => ({ invoiceId, montant: collected.get(invoiceId) ?? 0n }));
}

import type { Db } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { failedPrecondition, invalid, orUndefined, type Call } from '@crm/kit';
import { StatutFacture, type Invoice, type MarkAsPaidRequest } from '@crm/proto/factures/factures';
import type { AmountsReceived } from './amounts-received.ts';
import { lockRow, readRow, toInvoice } from './to-invoice.ts';
import type { Relances } from './update-invoice.ts';

/**
 * Records that an invoice was paid in another way than through payments. If nothing is left to pay, it does
 * not change, because the bank may still return the payment that settled it. Its reminders, and the tasks that they have
 * made, end: if they cannot be told, the answer is UNAVAILABLE, and a repeat tells them.
 * @throws {RpcError} NOT_FOUND; INVALID_ARGUMENT: `datePaiement` before the invoice's date or in the future;
 *   FAILED_PRECONDITION FACTURE_ANNULEE; UNAVAILABLE
 */
export const markAsPaid =
  (db: Db, received: AmountsReceived, relances: Relances) =>
  async ({ id, datePaiement, motif }: MarkAsPaidRequest, call: Call): Promise<Invoice> => {
    assertPaidBetween((await readRow(db, id)).dateFacture, datePaiement);
    const montantRecu = (await received([id]))(id);
    const paid = await call.once(
      async (tx) => {
        const invoice = toInvoice(await lockRow(tx, id), montantRecu);
        if (invoice.statut === StatutFacture.ANNULEE) {
          throw failedPrecondition('FACTURE_ANNULEE', `invoice ${invoice.numero} is credited in full`);
        }
        if (invoice.statut === StatutFacture.PAYEE) return invoice;
        const row = await tx.facture.update({
          where: { id },
          data: {
            statut: StatutFacture.PAYEE,
            datePaiement: datePaiement || todayInParis(),
            motifPaiement: motif,
            ...{ payeeAt: new Date(), payeePar: call.caller.sub },
          },
        });
        return toInvoice(row, montantRecu);
      },
      { idOf: () => id, read: async (tx) => toInvoice(await readRow(tx, id), montantRecu) },
    );
    await orUndefined(relances.replanifier({ id }));
    return paid;
  };

/** A payment is a fact: it cannot be in the future, or before the invoice. */
function assertPaidBetween(dateFacture: string, datePaiement: string): void {
  if (!datePaiement) return;
  if (datePaiement < dateFacture) throw invalid('datePaiement', `must not be before ${dateFacture}`);
  if (datePaiement > todayInParis()) throw invalid('datePaiement', 'must not lie in the future');
}

import type { Db } from '@crm/db';
import { failedPrecondition, type Call } from '@crm/kit';
import { StatutFacture, type Invoice, type UpdateInvoiceRequest } from '@crm/proto/factures/factures';
import type { AmountsReceived } from './amounts-received.ts';
import { assertDueAfterIssue } from './date-invoice.ts';
import { readRow, toInvoice } from './to-invoice.ts';

/**
 * Changes the due date and the subject of an invoice with something left to pay.
 * @throws {RpcError} NOT_FOUND; INVALID_ARGUMENT `dateEcheance`; FAILED_PRECONDITION FACTURE_SOLDEE;
 *   UNAVAILABLE
 */
export const updateInvoice =
  (db: Db, received: AmountsReceived) =>
  async ({ id, dateEcheance, objet }: UpdateInvoiceRequest, call: Call): Promise<Invoice> => {
    const { dateFacture } = await readRow(db, id);
    if (dateEcheance !== undefined) assertDueAfterIssue(dateFacture, dateEcheance);
    const montantRecu = (await received([id]))(id);
    return await call.once(
      async (tx) => {
        // the row stays locked: it cannot be marked as paid or credited between the check and the change
        const [row] = await tx.facture.updateManyAndReturn({
          where: { id },
          data: { ...(dateEcheance && { dateEcheance }), ...(objet && { objet }) },
        });
        const invoice = toInvoice(row!, montantRecu);
        if (invoice.statut !== StatutFacture.EMISE) {
          throw failedPrecondition(
            'FACTURE_SOLDEE',
            `invoice ${invoice.numero} is settled: ${invoice.statut}`,
          );
        }
        return invoice;
      },
      { idOf: () => id, read: async (tx) => toInvoice(await readRow(tx, id), montantRecu) },
    );
  };

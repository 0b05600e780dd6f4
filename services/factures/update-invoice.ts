import type { Db } from '@crm/db';
import { failedPrecondition, orUndefined, type Call, type Connected } from '@crm/kit';
import { StatutFacture, type Invoice, type UpdateInvoiceRequest } from '@crm/proto/factures/factures';
import type { RelanceServiceService } from '@crm/proto/relance/relance';
import type { AmountsReceived } from './amounts-received.ts';
import { assertDueAfterIssue } from './date-invoice.ts';
import { readRow, toInvoice } from './to-invoice.ts';

/** Who reminds of the invoice; told with the caller's own token. */
export type Relances = Pick<Connected<typeof RelanceServiceService>, 'replanifier'>;

/**
 * Changes the due date and the subject of an invoice with something left to pay. Another due date moves its
 * reminders. If they cannot be told, the answer is UNAVAILABLE, and a repeat tells them.
 * @throws {RpcError} NOT_FOUND; INVALID_ARGUMENT `dateEcheance`; FAILED_PRECONDITION FACTURE_SOLDEE;
 *   UNAVAILABLE
 */
export const updateInvoice =
  (db: Db, received: AmountsReceived, relances: Relances) =>
  async ({ id, dateEcheance, objet }: UpdateInvoiceRequest, call: Call): Promise<Invoice> => {
    const { dateFacture } = await readRow(db, id);
    if (dateEcheance !== undefined) assertDueAfterIssue(dateFacture, dateEcheance);
    const montantRecu = (await received([id]))(id);
    const updated = await call.once(
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
    if (dateEcheance) await orUndefined(relances.replanifier({ id }));
    return updated;
  };

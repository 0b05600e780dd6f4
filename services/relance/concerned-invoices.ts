import type { Db } from '@crm/db';
import { knownOf, type Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/**
 * The invoices that a hold is about: those that it names, or all of the client's that have reminders or had some, settled
 * ones included.
 * @param asOf only those whose reminders had begun by then: a promise is about no later ones
 */
export async function concernedInvoices(
  db: Db,
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>,
  {
    organisationId,
    clientId,
    invoiceIds,
    asOf,
  }: { organisationId: string; clientId: string; invoiceIds: string[]; asOf?: Date | undefined },
): Promise<Map<string, Invoice>> {
  const where = { organisationId, clientId, ...(asOf && { createdAt: { lte: asOf } }) };
  const ids =
    invoiceIds.length > 0
      ? invoiceIds
      : (await db.relance.findMany({ where, select: { invoiceId: true } })).map((row) => row.invoiceId);
  return await knownOf(
    ids,
    (page) => factures.list(page),
    (page) => page.invoices,
  );
}

import type { Db } from '@crm/db';
import { knownOf, type Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/**
 * The invoices that a hold is about: those that it names, or all of the client's that have reminders or had some, settled
 * ones included.
 */
export async function concernedInvoices(
  db: Db,
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>,
  {
    organisationId,
    clientId,
    invoiceIds,
  }: { organisationId: string; clientId: string; invoiceIds: string[] },
): Promise<Map<string, Invoice>> {
  const where = { organisationId, clientId };
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

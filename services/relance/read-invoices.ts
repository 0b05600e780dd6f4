import type { Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/** As many as a list answers at once. */
const PAGE = 200;

/** How invoices are asked for, as the caller. */
export type InvoiceSource = Pick<Connected<typeof InvoiceServiceService>, 'list'>;

type Known = Pick<Invoice, 'numero' | 'dateFacture' | 'dateEcheance' | 'createdAt' | 'restantDu'>;

/** What is known of invoices, by their ids; one that factures does not know is not there. */
export type Invoices = Map<string, Known>;

/** Reads invoices, a page's worth in one call, with what remains of each. Asked with the caller's own token. */
export async function readInvoices(
  factures: InvoiceSource,
  ids: string[],
  signal: AbortSignal,
): Promise<Invoices> {
  const distinct = [...new Set(ids)].filter((id) => id !== '');
  const invoices: Invoices = new Map();
  for (let at = 0; at < distinct.length; at += PAGE) {
    signal.throwIfAborted();
    const some = await factures.list({ ids: distinct.slice(at, at + PAGE), pageSize: PAGE });
    for (const invoice of some.invoices) invoices.set(invoice.id, invoice);
  }
  return invoices;
}

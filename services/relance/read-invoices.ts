import { knownOf, type Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/** How invoices are asked for, as the caller. */
export type InvoiceSource = Pick<Connected<typeof InvoiceServiceService>, 'list'>;

type Known = Pick<Invoice, 'numero' | 'dateFacture' | 'dateEcheance' | 'createdAt' | 'restantDu'>;

/** What is known of invoices, by their ids; one that factures does not know is not there. */
export type Invoices = Map<string, Known>;

/** Reads invoices, with what remains of each. */
export const readInvoices = (
  factures: InvoiceSource,
  ids: string[],
  signal: AbortSignal,
): Promise<Invoices> =>
  knownOf(ids, async (page) => {
    signal.throwIfAborted();
    return (await factures.list(page)).invoices;
  });

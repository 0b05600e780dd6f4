import { knownOf, type Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/** The RPC of factures for reading invoices, as the caller. */
export type InvoiceSource = Pick<Connected<typeof InvoiceServiceService>, 'list'>;

type Known = Pick<Invoice, 'numero' | 'dateFacture' | 'dateEcheance' | 'createdAt' | 'restantDu'>;

/** Invoices by their ids, where a part of them is enough. */
export type Invoices = Map<string, Known>;

/** Reads invoices, with what is left to pay of each. Invoices that factures does not know are missing. */
export const readInvoices = (
  factures: InvoiceSource,
  ids: string[],
  signal: AbortSignal,
): Promise<Map<string, Invoice>> =>
  knownOf(
    ids,
    (page) => {
      signal.throwIfAborted();
      return factures.list(page);
    },
    ({ invoices }) => invoices,
  );

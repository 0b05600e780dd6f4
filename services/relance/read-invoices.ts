import { knownOf, type Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';

/** The RPC of factures for reading invoices, as the caller. */
export type InvoiceSource = Pick<Connected<typeof InvoiceServiceService>, 'list'>;

type Known = Pick<Invoice, 'numero' | 'dateFacture' | 'dateEcheance' | 'createdAt' | 'restantDu'>;

/** Invoices by their ids. Invoices that factures does not know are missing. */
export type Invoices = Map<string, Known>;

/** Reads invoices, with what is left to pay of each. */
export const readInvoices = (
  factures: InvoiceSource,
  ids: string[],
  signal: AbortSignal,
): Promise<Invoices> =>
  knownOf(
    ids,
    (page) => {
      signal.throwIfAborted();
      return factures.list(page);
    },
    ({ invoices }) => invoices,
  );

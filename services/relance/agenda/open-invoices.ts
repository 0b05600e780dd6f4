import type { Connected } from '@crm/kit';
import type { Invoice, InvoiceServiceService } from '@crm/proto/factures/factures';
import { PAGE } from './read-all.ts';

/** What is known of invoices, by their ids; one that factures does not know is not there. */
export type Invoices = Map<string, Pick<Invoice, 'numero' | 'dateFacture' | 'dateEcheance' | 'restantDu'>>;

/** Reads invoices, a page's worth in one call, with what remains of each. Asked with the caller's own token. */
export async function readInvoices(
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>,
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

/** How people call an invoice. */
export const numeroOf = (invoices: Invoices, id: string): string => invoices.get(id)?.numero ?? id;

/** True where nothing remains of an invoice: nothing of it is sent or debited any more. */
export const isSettled = (invoices: Invoices, id: string): boolean => invoices.get(id)?.restantDu === 0n;

/** An amount, or what remains of its invoice where that is less. Cents. */
export function atMostLeft(invoices: Invoices, id: string, montant: bigint): bigint {
  const left = invoices.get(id)?.restantDu;
  return left !== undefined && left < montant ? left : montant;
}

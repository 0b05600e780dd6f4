import type { Tx } from '@crm/db';
import { orUndefined, type Connected } from '@crm/kit';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import { StatutPaiement } from '@crm/proto/payments/payments';
import { inBatches } from './in-batches.ts';

/**
 * What payments may pay in all of each invoice, cents: what remains of it and what payments have paid; nothing of one
 * that was settled in another way or credited. An invoice that nobody knows sets no limit. Asked with the caller's own
 * token.
 */
export async function payableByPayments(
  ids: string[],
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>,
): Promise<Map<string, bigint>> {
  const payable = new Map<string, bigint>();
  const invoices = await inBatches(ids, (id) => orUndefined(factures.get({ id })));
  for (const invoice of invoices) {
    if (!invoice) continue;
    const { id, restantDu, montantRecu } = invoice;
    payable.set(id, restantDu > 0n ? restantDu + montantRecu : 0n);
  }
  return payable;
}

/**
 * What may still be debited of each invoice: less what payments have collected and what is with the bank now.
 * @param payable from `payableByPayments`
 */
export async function leftToDebit(tx: Tx, payable: Map<string, bigint>): Promise<Map<string, bigint>> {
  const rows = await tx.$queryRaw<{ id: string; montant: bigint }[]>`
    SELECT invoice_id AS id, sum(montant)::bigint AS montant FROM payments.payments
    WHERE invoice_id = ANY(${[...payable.keys()]})
      AND statut IN (${StatutPaiement.EMIS}, ${StatutPaiement.ENCAISSE}) GROUP BY invoice_id`;
  const taken = new Map(rows.map(({ id, montant }) => [id, montant]));
  return new Map([...payable].map(([id, montant]) => [id, montant - (taken.get(id) ?? 0n)]));
}

/**
 * Lowers debits to what may still be debited of their invoices, in their order; one for which nothing is left is left
 * out.
 */
export function limitToLeft<Debit extends { invoiceId: string; montant: bigint }>(
  debits: Debit[],
  left: Map<string, bigint>,
): Debit[] {
  const remaining = new Map(left);
  return debits.flatMap((debit) => {
    const most = remaining.get(debit.invoiceId);
    if (most === undefined) return [debit];
    const montant = debit.montant < most ? debit.montant : most;
    if (montant <= 0n) return [];
    remaining.set(debit.invoiceId, most - montant);
    return [{ ...debit, montant }];
  });
}

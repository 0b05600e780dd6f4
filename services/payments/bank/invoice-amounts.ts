import type { Tx } from '@crm/db';
import { orUndefined, type Connected } from '@crm/kit';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import { StatutPaiement } from '@crm/proto/payments/payments';
import { inBatches } from './in-batches.ts';

/**
 * What a debit has to do with its invoice. `payable`, cents, is what payments may pay of it in all: what remains of it
 * and what payments have paid; nothing of one that was settled in another way or credited.
 */
export type InvoiceToDebit = { numero: string; payable: bigint };

/** The invoices that are known; one that nobody knows sets no limit. Asked with the caller's own token. */
export async function invoicesToDebit(
  ids: string[],
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>,
): Promise<Map<string, InvoiceToDebit>> {
  const known = await inBatches(ids, (id) => orUndefined(factures.get({ id })));
  return new Map(
    known.flatMap((invoice) => {
      if (!invoice) return [];
      const { id, numero, restantDu, montantRecu } = invoice;
      return [[id, { numero, payable: restantDu > 0n ? restantDu + montantRecu : 0n }]];
    }),
  );
}

/** What may still be debited of each invoice: less what payments have collected and what is with the bank now. */
export async function leftToDebit(
  tx: Tx,
  invoices: Map<string, InvoiceToDebit>,
): Promise<Map<string, bigint>> {
  const rows = await tx.$queryRaw<{ id: string; montant: bigint }[]>`
    SELECT invoice_id AS id, sum(montant)::bigint AS montant FROM payments.payments
    WHERE invoice_id = ANY(${[...invoices.keys()]})
      AND statut IN (${StatutPaiement.EMIS}, ${StatutPaiement.ENCAISSE}) GROUP BY invoice_id`;
  const taken = new Map(rows.map(({ id, montant }) => [id, montant]));
  return new Map([...invoices].map(([id, { payable }]) => [id, payable - (taken.get(id) ?? 0n)]));
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

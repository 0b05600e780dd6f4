import type { Db, Tx } from '@crm/db';
import { amountToDebit } from '@crm/domain';
import type { Invoice } from '@crm/proto/factures/factures';
import { StatutPaiement } from '@crm/proto/payments/payments';

/**
 * The amount of an invoice that payments may cover in total, in cents: what remains, plus what they have paid
 * already. 0 if the invoice was settled in another way or credited. What was paid before Suivi was no payment of ours.
 */
const payable = ({ restantDu, montantRecu, montantRegleAvant }: Invoice): bigint =>
  restantDu > 0n ? restantDu + montantRecu - montantRegleAvant : 0n;

/**
 * The amount that can still be debited for each invoice: minus what payments have collected and what is with
 * the bank now.
 */
export async function leftToDebit(tx: Db | Tx, invoices: Map<string, Invoice>): Promise<Map<string, bigint>> {
  const rows = await tx.$queryRaw<{ id: string; montant: bigint }[]>`
    SELECT invoice_id AS id, sum(montant)::bigint AS montant FROM payments.payments
    WHERE invoice_id = ANY(${[...invoices.keys()]})
      AND statut IN (${StatutPaiement.EMIS}, ${StatutPaiement.ENCAISSE}) GROUP BY invoice_id`;
  const taken = new Map(rows.map(({ id, montant }) => [id, montant]));
  return new Map([...invoices].map(([id, invoice]) => [id, payable(invoice) - (taken.get(id) ?? 0n)]));
}

/**
 * Lowers debits to what is left of their invoices, in their order, plus an allowed excess. A debit with
 * nothing left is removed.
 * @param left is changed: lowered by what the debits take
 */
export function limitToLeft<Debit extends { invoiceId: string; montant: bigint; depassement: bigint }>(
  debits: Debit[],
  left: Map<string, bigint>,
): Debit[] {
  return debits.flatMap((debit) => {
    const most = left.get(debit.invoiceId);
    if (most === undefined) return [debit];
    const montant = amountToDebit(debit, most);
    if (montant <= 0n) return [];
    left.set(debit.invoiceId, most - montant);
    return [{ ...debit, montant }];
  });
}

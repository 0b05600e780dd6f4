/**
 * The amount of a debit in cents: at most what is left of its invoice, plus the excess that was allowed when
 * it was planned; 0 if nothing is left of the invoice.
 * @param left of the invoice in cents; negative if more was collected
 */
export function amountToDebit(
  { montant, depassement }: { montant: bigint; depassement: bigint },
  left: bigint,
): bigint {
  const open = left > 0n ? left : 0n;
  const most = open > 0n || depassement >= montant ? open + depassement : 0n;
  return montant < most ? montant : most;
}

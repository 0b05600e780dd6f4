/**
 * What a debit takes, cents: what is left of its invoice at most, and beside that what was asked for above it when it was
 * planned; nothing of an invoice of which nothing is left since.
 * @param left of the invoice, cents; less than nothing where more was taken
 */
export function amountToDebit(
  { montant, depassement }: { montant: bigint; depassement: bigint },
  left: bigint,
): bigint {
  const open = left > 0n ? left : 0n;
  const most = open > 0n || depassement >= montant ? open + depassement : 0n;
  return montant < most ? montant : most;
}

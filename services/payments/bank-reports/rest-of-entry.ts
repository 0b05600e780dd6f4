/** The part of an entry's amount that its transactions do not explain. */
export type Rest = {
  /** Cents. */
  montant: bigint;
  /** CRDT or DBIT, as seen from our account. */
  sens: string;
  /** The entry says that it is a bank charge. */
  charge: boolean;
};

/** The entry's amount and charges, and the sum of its transactions, in cents. */
export type Told = { sens: string; total: bigint; told: bigint; charges: bigint; ofEntry: bigint };

/**
 * Computes the rest of an entry after its transactions (negative in the other direction) and their charges.
 * @returns undefined if nothing is left
 */
export function restOfEntry({ sens, total, told, charges, ofEntry }: Told): Rest | undefined {
  const bySign = (cents: bigint) => (sens === 'DBIT' ? cents : -cents);
  const left = total - told;
  if (left === 0n || left === bySign(charges)) return undefined;
  const charge = ofEntry > 0n && left === bySign(ofEntry);
  // the charges of its transactions are recorded with them
  const rest = !charge && sens === 'DBIT' && left > charges ? left - charges : left;
  return {
    montant: rest < 0n ? -rest : rest,
    sens: rest > 0n === (sens === 'DBIT') ? 'DBIT' : 'CRDT',
    charge,
  };
}

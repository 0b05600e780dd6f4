/** What the transactions of an entry leave of its amount. */
export type Rest = {
  /** Cents. */
  montant: bigint;
  /** CRDT or DBIT, as seen from our account. */
  sens: string;
  /** It is what the entry says to be the bank's charges. */
  charge: boolean;
};

/** An entry's own amount and charges, and what its transactions say or are known to be of; cents. */
export type Told = { sens: string; total: bigint; told: bigint; charges: bigint; ofEntry: bigint };

/**
 * What is left of an entry beside its transactions, which are negative where they go the other way, and their charges.
 * @returns undefined where that is nothing
 */
export function restOfEntry({ sens, total, told, charges, ofEntry }: Told): Rest | undefined {
  const bySign = (cents: bigint) => (sens === 'DBIT' ? cents : -cents);
  const left = total - told;
  if (left === 0n || left === bySign(charges)) return undefined;
  const charge = ofEntry > 0n && left === bySign(ofEntry);
  // what was charged for its transactions is kept with them
  const rest = !charge && sens === 'DBIT' && left > charges ? left - charges : left;
  return {
    montant: rest < 0n ? -rest : rest,
    sens: rest > 0n === (sens === 'DBIT') ? 'DBIT' : 'CRDT',
    charge,
  };
}

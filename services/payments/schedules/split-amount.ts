/**
 * Divides an amount into equal parts to the cent that add up exactly: remaining cents go to the first parts,
 * one each.
 * @param montant in cents, at least one per part
 */
export function splitAmount(montant: bigint, parts: number): bigint[] {
  const [part, remainder] = [montant / BigInt(parts), montant % BigInt(parts)];
  return Array.from({ length: parts }, (_, index) => (BigInt(index) < remainder ? part + 1n : part));
}

/**
 * An amount in equal parts to the cent, which sum to it exactly: the cents that remain go to the first parts, one each.
 * @param montant cents, at least one a part
 */
export function splitAmount(montant: bigint, parts: number): bigint[] {
  const [part, remainder] = [montant / BigInt(parts), montant % BigInt(parts)];
  return Array.from({ length: parts }, (_, index) => (BigInt(index) < remainder ? part + 1n : part));
}

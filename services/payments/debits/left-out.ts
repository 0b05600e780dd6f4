import { EmitResponse, EcartesParMotif, type PaiementEcarte } from '@crm/proto/payments/payments';

/** The most payments listed in an answer. */
export const MOST_LISTED = 1_000;

/** The payments that were left out, as the answer shows them. */
export type LeftOut = Pick<EmitResponse, 'ecartes' | 'ecartesParMotif'>;

/**
 * Lists the payments that were left out, latest planned first, up to the limit, and counts all of them by
 * reason.
 */
export function summarize(leftOut: PaiementEcarte[]): LeftOut {
  const counts = new Map<string, EcartesParMotif>();
  for (const { motif, montant } of leftOut) {
    const one = counts.get(motif) ?? EcartesParMotif.fromPartial({ motif });
    counts.set(motif, { ...one, nombre: one.nombre + 1, total: one.total + montant });
  }
  return {
    ecartes: leftOut.toSorted((a, b) => order(b).localeCompare(order(a))).slice(0, MOST_LISTED),
    ecartesParMotif: [...counts.values()].sort((a, b) => a.motif.localeCompare(b.motif)),
  };
}

const order = ({ datePrevue, paymentId }: PaiementEcarte): string => `${datePrevue} ${paymentId}`;

/** Converts them for the file's row. */
export const toStored = (leftOut: LeftOut): object =>
  EmitResponse.toJSON(EmitResponse.fromPartial(leftOut)) as object;

/** Reads them from the file's row. A file from before they were stored has none. */
export function fromStored(stored: unknown): LeftOut {
  const { ecartes, ecartesParMotif } = EmitResponse.fromJSON(stored);
  return { ecartes, ecartesParMotif };
}

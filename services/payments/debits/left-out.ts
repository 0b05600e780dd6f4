import { EmitResponse, EcartesParMotif, type PaiementEcarte } from '@crm/proto/payments/payments';

/** Payments of a list that an answer holds at most. */
export const MOST_LISTED = 1_000;

/** What an answer says of the payments that were left out. */
export type LeftOut = Pick<EmitResponse, 'ecartes' | 'ecartesParMotif'>;

/** Those planned last first, as many as an answer holds, and all of them counted. */
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

/** As a file's row keeps them. */
export const toStored = (leftOut: LeftOut): object =>
  EmitResponse.toJSON(EmitResponse.fromPartial(leftOut)) as object;

/** Of a file that was made before they were kept, none. */
export function fromStored(stored: unknown): LeftOut {
  const { ecartes, ecartesParMotif } = EmitResponse.fromJSON(stored);
  return { ecartes, ecartesParMotif };
}

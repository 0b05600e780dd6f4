import type { Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { lockPayment } from './lock-payment.ts';
import { settled, settlePayments, type Settled } from './settle-payments.ts';
import { toPayment, type PaymentRow } from './to-payment.ts';

/** A rejection to record. */
export type Rejection = {
  id: string;
  /** ISO 20022 reason; it is trimmed and upper-cased here. */
  motifRejet: string;
  dateRejet: Date;
  /** The bank returned a collected payment, or the client was refunded. */
  retourBancaire: boolean;
  /** The attempt that a bank report names. People leave it out: then it is the current attempt. */
  tentative?: number | undefined;
};

/**
 * Records that a payment was rejected, and publishes payment.rejected. An attempt is rejected once: for a
 * rejected payment nothing changes, and its first reason stays. The same holds for a report about an earlier
 * attempt: that one must have been rejected, or else no other attempt would follow it.
 * @throws NOT_FOUND; FAILED_PRECONDITION: PAIEMENT_STATUT (it was collected, and the bank did not return it),
 *   PAIEMENT_TENTATIVE (the attempt is in the future)
 */
export async function rejectPayment(tx: Tx, { id, ...rejection }: Rejection): Promise<Payment> {
  const row = await lockPayment(tx, id);
  const rejected = reject(row, rejection);
  if (rejected !== row) await settlePayments(tx, [rejected]);
  return toPayment(rejected);
}

/** The payment after its rejection, or the row itself if nothing changes. Errors as `rejectPayment`. */
export function reject(
  row: PaymentRow,
  { motifRejet, dateRejet, retourBancaire, tentative }: Omit<Rejection, 'id'>,
): Settled {
  const at = tentative ?? row.tentative;
  if (at > row.tentative) {
    throw failedPrecondition(
      'PAIEMENT_TENTATIVE',
      `attempt ${at} of a payment that is at attempt ${row.tentative} cannot be rejected`,
    );
  }
  if (row.statut === StatutPaiement.REJETE || at < row.tentative) return row;
  if (row.statut === StatutPaiement.ENCAISSE && !retourBancaire) {
    throw failedPrecondition(
      'PAIEMENT_STATUT',
      'a collected payment is rejected only by a bank’s return or a refund (retourBancaire)',
    );
  }
  const rejected = settled(row, {
    statut: StatutPaiement.REJETE,
    motifRejet: motifRejet.trim().toUpperCase(),
    dateRejet,
    dateReception: null,
  });
  return { ...rejected, returned: retourBancaire };
}

import type { Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { lockPayment } from './lock-payment.ts';
import { settled, settlePayments, type Settled } from './settle-payments.ts';
import { toPayment, type PaymentRow } from './to-payment.ts';

/** A rejection to record. */
export type Rejection = {
  id: string;
  /** ISO 20022 reason; trimmed and upper-cased here. */
  motifRejet: string;
  dateRejet: Date;
  /** The bank returned what it had collected, or the client was refunded. */
  retourBancaire: boolean;
  /** The attempt of which a bank's report speaks; a person leaves it out and means the one at hand. */
  tentative?: number | undefined;
};

/**
 * Records that a payment was rejected and publishes payment.rejected. An attempt is rejected once: a payment that is
 * rejected already is answered as it is, with its first reason, and so is one whose report speaks of an earlier
 * attempt, which was rejected or it would not have been followed by another.
 * @throws NOT_FOUND; FAILED_PRECONDITION: PAIEMENT_STATUT (collected, and not returned by the bank),
 * PAIEMENT_TENTATIVE (an attempt that the payment has not come to)
 */
export async function rejectPayment(tx: Tx, { id, ...rejection }: Rejection): Promise<Payment> {
  const row = await lockPayment(tx, id);
  const rejected = reject(row, rejection);
  if (rejected !== row) await settlePayments(tx, [rejected]);
  return toPayment(rejected);
}

/** A payment once it was rejected; the row itself where nothing changes. Throws as `rejectPayment` does. */
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

import type { Tx } from '@crm/db';
import { emit, failedPrecondition } from '@crm/kit';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { lockPayment } from './lock-payment.ts';
import { toPayment } from './to-payment.ts';

/** A rejection to record. */
export type Rejection = {
  id: string;
  /** ISO 20022 reason; trimmed and upper-cased here. */
  motifRejet: string;
  dateRejet: Date;
  /** The bank returned what it had collected, or the client was refunded. */
  retourBancaire: boolean;
  /** The attempt of which a bank's report speaks; a person leaves it out and means the one at hand. */
  tentative?: number;
};

/**
 * Records that a payment was rejected and publishes payment.rejected. An attempt is rejected once: a payment that is
 * rejected already is answered as it is, with its first reason, and so is one whose report speaks of an earlier
 * attempt, which was rejected or it would not have been followed by another.
 * @throws NOT_FOUND; FAILED_PRECONDITION: PAIEMENT_STATUT (collected, and not returned by the bank),
 * PAIEMENT_TENTATIVE (an attempt that the payment has not come to)
 */
export async function rejectPayment(
  tx: Tx,
  { id, motifRejet, dateRejet, retourBancaire, tentative }: Rejection,
): Promise<Payment> {
  const row = await lockPayment(tx, id);
  const at = tentative ?? row.tentative;
  if (at > row.tentative) {
    throw failedPrecondition(
      'PAIEMENT_TENTATIVE',
      `attempt ${at} of a payment that is at attempt ${row.tentative} cannot be rejected`,
    );
  }
  if (row.statut === StatutPaiement.REJETE || at < row.tentative) return toPayment(row);
  if (row.statut === StatutPaiement.ENCAISSE && !retourBancaire) {
    throw failedPrecondition(
      'PAIEMENT_STATUT',
      'a collected payment is rejected only by a bank’s return or a refund (retourBancaire)',
    );
  }
  const motif = motifRejet.trim().toUpperCase();
  const updated = await tx.payment.update({
    where: { id },
    data: {
      statut: StatutPaiement.REJETE,
      motifRejet: motif,
      dateRejet,
      dateReception: null,
      sequence: { increment: 1 },
    },
  });
  // what the bank returns was settled: its mandate was used, and the next debit by it is no first one
  if (retourBancaire) {
    await tx.presentation.updateMany({
      where: { paymentId: id, tentative: updated.tentative },
      data: { retournee: true },
    });
  }
  const { scheduleId, invoiceId, organisationId, clientId, montant } = updated;
  await emit(
    tx,
    'payment.rejected',
    {
      ...{ paymentId: id, scheduleId, invoiceId, organisationId, clientId, montant },
      ...{ motifRejet: motif, dateRejet, tentative: updated.tentative },
    },
    [String(updated.tentative), String(updated.sequence)],
  );
  return toPayment(updated);
}

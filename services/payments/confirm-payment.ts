import type { Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { lockPayment } from './lock-payment.ts';
import { settled, settlePayments } from './settle-payments.ts';
import { toPayment, type PaymentRow } from './to-payment.ts';

/** A collection to record. */
export type Confirmation = {
  id: string;
  dateReception: Date;
  /** The attempt of which a bank's report speaks; a person leaves it out and means the one at hand. */
  tentative?: number | undefined;
};

/** What a bank's report says of an attempt, which may be without a date. */
type Collection = Omit<Confirmation, 'id' | 'dateReception'> & {
  dateReception: Date | undefined;
  /** When an earlier attempt was rejected, of which the payment itself speaks no more. */
  rejectedAt?: Date | undefined;
  /** The bank took its return back: it is collected again, and the return is no newer word. */
  restored?: boolean;
};

/**
 * Records that a payment was collected and publishes payment.received. A payment that is collected already is
 * answered as it is. One that was rejected is collected after all only where a bank's report says so of that attempt,
 * and of a later instant than the rejection's: a confirmation that came late. Where the next attempt was planned
 * meanwhile and not yet presented, it is dropped: nobody is debited twice. Once it was presented, a person decides.
 * @throws NOT_FOUND; FAILED_PRECONDITION: PAIEMENT_STATUT (rejected, and no bank says otherwise since), PAIEMENT_TENTATIVE
 * (an attempt that the payment has not come to, or one after which another was presented)
 */
export async function confirmPayment(
  tx: Tx,
  { id, dateReception, tentative }: Confirmation,
): Promise<Payment> {
  const row = await lockPayment(tx, id);
  const collected = collect(row, { dateReception, tentative });
  if (collected !== row) await settlePayments(tx, [collected]);
  return toPayment(collected);
}

/** A payment once it was collected; the row itself where it was already. Throws as `confirmPayment` does. */
export function collect(
  row: PaymentRow,
  { dateReception, tentative, rejectedAt, restored }: Collection,
): PaymentRow {
  const collected = tentative ?? row.tentative;
  checkTentative(row, collected);
  if (row.statut === StatutPaiement.ENCAISSE) return row;
  if (!restored && (row.statut === StatutPaiement.REJETE || collected < row.tentative)) {
    // an attempt that another follows was rejected before that one was planned, at the latest
    checkCollectedAfter(row.dateRejet ?? rejectedAt ?? row.updatedAt, dateReception, tentative);
  }
  return settled(row, {
    statut: StatutPaiement.ENCAISSE,
    tentative: collected,
    dateReception: dateReception ?? new Date(),
    dateRejet: null,
    motifRejet: '',
  });
}

/** Of an older report that is imported late the rejection is what is newer; so it may be of one without a date. */
function checkCollectedAfter(
  rejectedAt: Date,
  dateReception: Date | undefined,
  tentative: number | undefined,
): void {
  if (tentative === undefined) {
    throw failedPrecondition(
      'PAIEMENT_STATUT',
      'a rejected payment is collected only by a new attempt or where a bank’s report says so',
    );
  }
  if (!dateReception) {
    throw failedPrecondition('PAIEMENT_STATUT', 'the payment was rejected, and its collection has no date');
  }
  if (dateReception <= rejectedAt) {
    throw failedPrecondition('PAIEMENT_STATUT', 'the payment was rejected after it was collected');
  }
}

function checkTentative(row: PaymentRow, collected: number): void {
  const planned = row.statut === StatutPaiement.PLANIFIE;
  if (collected === row.tentative || (planned && collected === row.tentative - 1)) return;
  throw failedPrecondition(
    'PAIEMENT_TENTATIVE',
    `attempt ${collected} of a payment that is at attempt ${row.tentative} cannot be collected`,
  );
}

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
  /** The attempt that a bank report names. People leave it out: then it is the current attempt. */
  tentative?: number | undefined;
};

/** A collection as a bank report states it; the date may be missing. */
type Collection = Omit<Confirmation, 'id' | 'dateReception'> & {
  dateReception: Date | undefined;
  /** When the attempt was rejected, if it is an earlier one: the payment's row no longer says so. */
  rejectedAt?: Date | undefined;
  /**
   * The bank cancelled its return: the payment is collected again, and the return does not count as newer.
   */
  restored?: boolean;
};

/**
 * Records that a payment was collected, and publishes payment.received. No change if it is collected already.
 * A rejected payment can only be collected by a bank report that names the attempt and a later instant than
 * the rejection: a confirmation that arrived late. If the next attempt is planned but not presented yet, it
 * is dropped, so that nobody is debited twice; if it was presented, a person decides.
 * @throws NOT_FOUND; FAILED_PRECONDITION: PAIEMENT_STATUT (it was rejected, and no bank report says
 *   otherwise), PAIEMENT_TENTATIVE (the attempt is in the future, or another one was presented after it)
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

/**
 * The payment after its collection, or the row itself if it was collected already. Errors as
 * `confirmPayment`.
 */
export function collect(
  row: PaymentRow,
  { dateReception, tentative, rejectedAt, restored }: Collection,
): PaymentRow {
  const collected = tentative ?? row.tentative;
  checkTentative(row, collected);
  if (row.statut === StatutPaiement.ENCAISSE) return row;
  if (!restored && (row.statut === StatutPaiement.REJETE || collected < row.tentative)) {
    // the next attempt was planned after this one was rejected, so its planning is the latest possible
    // instant
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

/**
 * A rejection that is newer than the collection stays, also if the collection has no date: an old report may
 * arrive late.
 */
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

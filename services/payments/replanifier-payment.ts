import { DbNull, type Tx } from '@crm/db';
import { failedPrecondition } from '@crm/kit';
import { StatutPaiement, type Payment, type ReplanifierPaymentRequest } from '@crm/proto/payments/payments';
import { checkMandate } from './mandates/check-mandate.ts';
import { recordMouvements } from './mouvements.ts';
import { lockPayment } from './lock-payment.ts';
import { toPayment, type PaymentRow } from './to-payment.ts';

/**
 * Plans the next attempt of a rejected payment. The row then describes the new attempt; the events have
 * described the earlier ones. Planning the current attempt again changes nothing, unless the mandate is
 * another one because the first was revoked, and the bank does not have the attempt yet.
 * @throws NOT_FOUND; FAILED_PRECONDITION: PAIEMENT_STATUT (not rejected), PAIEMENT_TENTATIVE (not the next
 *   attempt); and the errors of `checkMandate`
 */
export async function replanifierPayment(
  tx: Tx,
  { id, tentative, datePrevue, mandatId }: ReplanifierPaymentRequest,
): Promise<Payment> {
  const row = await lockPayment(tx, id);
  const atHand = row.tentative === tentative;
  const replaced =
    atHand && row.statut === StatutPaiement.PLANIFIE && !!mandatId && mandatId !== row.mandatId;
  if (atHand && !replaced) return toPayment(row);
  if (!replaced) checkFollows(row, tentative);
  await checkMandate(tx, { ...row, datePrevue, mandatId: mandatId || row.mandatId });
  const updated = await tx.payment.update({
    where: { id },
    data: {
      statut: StatutPaiement.PLANIFIE,
      tentative,
      datePrevue,
      ...(mandatId && { mandatId }),
      // nobody was told of a debit from the new account yet
      ...(replaced && { prenotifiePour: '' }),
      sansPreavis: DbNull,
      dateEmission: '',
      dateRejet: null,
      motifRejet: '',
      sequence: { increment: 1 },
    },
  });
  await recordMouvements(tx, [updated]);
  return toPayment(updated);
}

function checkFollows(row: PaymentRow, tentative: number): void {
  if (tentative !== row.tentative + 1) {
    throw failedPrecondition(
      'PAIEMENT_TENTATIVE',
      `attempt ${tentative} does not follow attempt ${row.tentative}`,
    );
  }
  if (row.statut !== StatutPaiement.REJETE) {
    throw failedPrecondition('PAIEMENT_STATUT', `a payment that is ${row.statut} cannot be planned again`);
  }
}

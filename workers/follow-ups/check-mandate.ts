import { readTruth } from '@crm/domain';
import { orUndefined } from '@crm/kit';
import { StatutMandat, StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { ApplicationFailure } from '@temporalio/common';
import type { Services } from '../clients.ts';

/**
 * Checks that a rejected payment may be debited with another mandate.
 * @throws {ApplicationFailure} not retryable, with the type MANDAT_INCONNU, MANDAT_AUTRE_CLIENT,
 *   PAIEMENT_STATUT (neither rejected nor planned with a revoked mandate), or the reason why nothing is debited
 *   any more: NOT_ELIGIBLE_MANDATE_REVOKED, …
 */
export async function checkMandate(services: Services, paymentId: string, mandatId: string): Promise<void> {
  const { payment, obstacle } = await readTruth(services, paymentId, mandatId);
  if (obstacle) throw refused(obstacle.eligibilite, `the payment is not debited again: ${obstacle.motifFin}`);
  const mandat = await orUndefined(services.mandats.get({ id: mandatId }));
  if (!mandat) throw refused('MANDAT_INCONNU', `there is no mandate ${mandatId}`);
  if (mandat.clientId !== payment.clientId || mandat.organisationId !== payment.organisationId) {
    throw refused('MANDAT_AUTRE_CLIENT', `mandate ${mandatId} is another client’s or organisation’s`);
  }
  if (payment.statut !== StatutPaiement.REJETE && !(await isPlannedInVain(services, payment))) {
    throw refused('PAIEMENT_STATUT', `the payment is ${payment.statut}, not rejected`);
  }
}

/** Whether its mandate was revoked after it was planned again: nothing will present it. */
async function isPlannedInVain({ mandats }: Services, { statut, mandatId }: Payment): Promise<boolean> {
  if (statut !== StatutPaiement.PLANIFIE || !mandatId) return false;
  return (await orUndefined(mandats.get({ id: mandatId })))?.statut === StatutMandat.REVOQUE;
}

const refused = (type: string, message: string) => ApplicationFailure.nonRetryable(message, type);

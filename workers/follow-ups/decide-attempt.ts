import type { Obstacle, Truth } from '@crm/domain';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { Eligibilite, StatutRetry, type RetrySchedule } from '@crm/proto/retry/retry';
import type { RetryState } from '@crm/workflows/retry-state';

/**
 * What to do about a due attempt: end the schedule; record its rejection, because its event has not arrived
 * yet; record it as made, because an earlier try whose answer was lost, or a person, has made it; or make it.
 */
export type Due = 'stop' | 'recordRejection' | 'recordSubmission' | 'submit';

/** Decides what to do about a due attempt. */
export function decideDue(
  { mandatId }: Pick<RetrySchedule, 'mandatId'>,
  { numero }: Pick<RetryState, 'numero'>,
  { payment, obstacle }: Truth,
): Due {
  if (obstacle) return 'stop';
  if (payment.tentative <= numero) return 'submit';
  if (payment.statut === StatutPaiement.REJETE) return 'recordRejection';
  // if the mandate of a planned attempt was revoked, it is planned again with the other one
  const isInVain =
    payment.statut === StatutPaiement.PLANIFIE && mandatId !== '' && payment.mandatId !== mandatId;
  return isInVain ? 'submit' : 'recordSubmission';
}

/**
 * What happened to a made attempt: it waits to be presented, the bank has it, it was collected or rejected;
 * or the payment is in another state, and its schedule says which.
 */
export type Fate = 'waits' | 'withTheBank' | 'collected' | 'rejected' | 'elsewhere';

/** Reads from a payment what happened to the attempt with this number. */
export function fateOf({ statut, tentative }: Payment, numero: number): Fate {
  if (statut === StatutPaiement.ENCAISSE) return 'collected';
  if (statut === StatutPaiement.REJETE && tentative > numero) return 'rejected';
  if (statut === StatutPaiement.PLANIFIE) return 'waits';
  return statut === StatutPaiement.EMIS ? 'withTheBank' : 'elsewhere';
}

/**
 * Why a waiting attempt will never be presented. A blocked client is no reason: Emit presents that payment,
 * and the answer is awaited. Nor is a collection meanwhile, which the next check finds.
 */
export function obstacleToPresenting({ obstacle }: Truth): Obstacle | undefined {
  const isBlocked = obstacle?.eligibilite === Eligibilite.NOT_ELIGIBLE_CLIENT_BLOCKED;
  return obstacle?.statut === StatutRetry.ARRETE && !isBlocked ? obstacle : undefined;
}

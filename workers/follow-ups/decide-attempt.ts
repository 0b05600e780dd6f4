import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { Eligibilite, StatutRetry, type RetrySchedule } from '@crm/proto/retry/retry';
import type { RetryState } from '@crm/workflows/retry-state';
import type { Obstacle, Truth } from './payment-truth.ts';

/**
 * What is done about an attempt that is due: the schedule ends; its rejection is recorded, whose event has not come
 * yet; it is recorded as made, by an earlier attempt whose answer was lost or by a person; it is made.
 */
export type Due = 'stop' | 'recordRejection' | 'recordSubmission' | 'submit';

/** Decides what is done about an attempt that is due. */
export function decideDue(
  { mandatId }: Pick<RetrySchedule, 'mandatId'>,
  { numero }: Pick<RetryState, 'numero'>,
  { payment, obstacle }: Truth,
): Due {
  if (obstacle) return 'stop';
  if (payment.tentative <= numero) return 'submit';
  if (payment.statut === StatutPaiement.REJETE) return 'recordRejection';
  // one that was planned by a mandate that was revoked meanwhile is planned by the other one
  const isInVain =
    payment.statut === StatutPaiement.PLANIFIE && mandatId !== '' && payment.mandatId !== mandatId;
  return isInVain ? 'submit' : 'recordSubmission';
}

/**
 * What became of an attempt that was made: it waits to be presented, the bank has it, it was collected or rejected; or
 * the payment is elsewhere, and its schedule says where.
 */
export type Fate = 'waits' | 'withTheBank' | 'collected' | 'rejected' | 'elsewhere';

/** Reads off a payment what became of the attempt with this number. */
export function fateOf({ statut, tentative }: Payment, numero: number): Fate {
  if (statut === StatutPaiement.ENCAISSE) return 'collected';
  if (statut === StatutPaiement.REJETE && tentative > numero) return 'rejected';
  if (statut === StatutPaiement.PLANIFIE) return 'waits';
  return statut === StatutPaiement.EMIS ? 'withTheBank' : 'elsewhere';
}

/**
 * Why an attempt that waits to be presented never will be. A client that is blocked is no reason: Emit presents that
 * payment, and its answer is waited for. Nor is one that was collected meanwhile: the next check says so.
 */
export function obstacleToPresenting({ obstacle }: Truth): Obstacle | undefined {
  const isBlocked = obstacle?.eligibilite === Eligibilite.NOT_ELIGIBLE_CLIENT_BLOCKED;
  return obstacle?.statut === StatutRetry.ARRETE && !isBlocked ? obstacle : undefined;
}

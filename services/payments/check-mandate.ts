import type { Db, Tx } from '@crm/db';
import { failedPrecondition, invalid, notFound } from '@crm/kit';
import { StatutMandat, type Payment } from '@crm/proto/payments/payments';

/** Cents: an amount of a direct debit has eleven digits at most (EPC130-08, AT-06: 999,999,999.99 euros). */
const MAX_DEBIT = 99_999_999_999n;

/**
 * Checks by which mandate a payment is to be debited, if by any.
 * @throws NOT_FOUND: no such mandate; FAILED_PRECONDITION MANDAT_REVOQUE; INVALID_ARGUMENT `mandatId`: the mandate is
 * another client's or organisation's; INVALID_ARGUMENT `montant`: more than can be debited at once
 */
export async function checkMandate(
  tx: Tx | Db,
  {
    organisationId,
    clientId,
    mandatId,
    montant,
  }: Pick<Payment, 'organisationId' | 'clientId' | 'mandatId' | 'montant'>,
): Promise<void> {
  if (!mandatId) return;
  const mandat = await tx.mandate.findUnique({ where: { id: mandatId } });
  if (!mandat) throw notFound('mandat', mandatId);
  if (mandat.clientId !== clientId || mandat.organisationId !== organisationId) {
    throw invalid('mandatId', 'must be a mandate of the same client and organisation');
  }
  if (mandat.statut === StatutMandat.REVOQUE) {
    throw failedPrecondition('MANDAT_REVOQUE', `mandate ${mandatId} was revoked`);
  }
  if (montant > MAX_DEBIT) {
    throw invalid('montant', `a direct debit cannot be of more than ${MAX_DEBIT} cents`);
  }
}

import type { Tx } from '@crm/db';
import { conflict, organisationOrDefault } from '@crm/kit';
import { StatutPaiement, type CreatePaymentScheduleRequest } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { checkMandate } from '../mandates/check-mandate.ts';
import type { Instalment } from './plan-instalments.ts';

/**
 * Writes a schedule and its payments, unless the contract has one. Of concurrent writers one inserts; the
 * others wait and return what it wrote.
 * @returns the id of the contract's schedule
 * @throws ALREADY_EXISTS naming `contratId`: the contract has a different schedule; and the errors of
 *   `checkMandate`
 */
export async function createSchedule(
  tx: Tx,
  request: CreatePaymentScheduleRequest,
  instalments: Instalment[],
): Promise<string> {
  const { contratId, clientId, mandatId, montantTotal } = request;
  const organisationId = organisationOrDefault(request.organisationId);
  const id = v7();
  const nombreEcheances = instalments.length;
  const { count } = await tx.paymentSchedule.createMany({
    data: [{ id, organisationId, contratId, clientId, mandatId, montantTotal, nombreEcheances }],
    skipDuplicates: true,
  });
  if (count === 0) {
    const first = await tx.paymentSchedule.findUniqueOrThrow({ where: { contratId } });
    const same =
      first.organisationId === organisationId &&
      first.montantTotal === montantTotal &&
      first.nombreEcheances === nombreEcheances;
    if (!same) throw conflict(`contratId: contract ${contratId} has another schedule, ${first.id}`);
    return first.id;
  }
  // the first instalment is the largest, and a mandate cannot lapse between two of them
  await checkMandate(tx, { organisationId, clientId, mandatId, ...instalments[0]! });
  const statut = StatutPaiement.PLANIFIE;
  const common = { organisationId, contratId, clientId, mandatId, scheduleId: id, invoiceId: '', statut };
  await tx.payment.createMany({ data: instalments.map((one) => ({ ...one, ...common, id: v7() })) });
  return id;
}

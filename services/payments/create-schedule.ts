import type { Tx } from '@crm/db';
import { StatutPaiement, type CreatePaymentScheduleRequest } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import type { Instalment } from './plan-instalments.ts';

/**
 * Writes a schedule and its payments, unless the contract has one: of any number of concurrent writers the first one
 * inserts, and the others wait for it and take what it wrote.
 * @returns the id of the contract's schedule
 */
export async function createSchedule(
  tx: Tx,
  request: CreatePaymentScheduleRequest,
  instalments: Instalment[],
): Promise<string> {
  const { contratId, clientId, mandatId, montantTotal } = request;
  const organisationId = request.organisationId || 'default';
  const id = v7();
  const nombreEcheances = instalments.length;
  const { count } = await tx.paymentSchedule.createMany({
    data: [{ id, organisationId, contratId, clientId, mandatId, montantTotal, nombreEcheances }],
    skipDuplicates: true,
  });
  if (count === 0) {
    const where = { organisationId_contratId: { organisationId, contratId } };
    return (await tx.paymentSchedule.findUniqueOrThrow({ where })).id;
  }
  const statut = StatutPaiement.PLANIFIE;
  const common = { organisationId, contratId, clientId, mandatId, scheduleId: id, invoiceId: '', statut };
  await tx.payment.createMany({ data: instalments.map((one) => ({ ...one, ...common, id: v7() })) });
  return id;
}

import { dateInParis } from '@crm/domain';
import { everyPage, orUndefined } from '@crm/kit';
import { ClientBaseServiceService, type Client } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { MandateServiceService, PaymentServiceService, type Payment } from '@crm/proto/payments/payments';
import { RetryAdminServiceService, type RetryPolicy, type RetrySchedule } from '@crm/proto/retry/retry';
import { DEFAULT_POLITIQUE, fullPolitique, inForce, type FullPolitique } from '@crm/retry/politique';
import { LIVE } from '@crm/retry/schedules';
import type { SimulatedRetries } from '../simulation/simulate-retries.ts';
import { ownDaysOf } from './own-days.ts';
import type { CallService } from './service-callers.ts';

/** A rejected payment and its surroundings, from the services. */
export type ReadRetries = Omit<SimulatedRetries, 'until'>;

/**
 * Reads what a payment's retries depend on.
 * @param motif the rejection reason, if the schedule does not say
 * @param begun the schedule so far; or when the rejection is that starts one
 */
export async function readRetries(
  call: CallService,
  payment: Payment,
  motif: string,
  begun: RetrySchedule | Date,
): Promise<ReadRetries> {
  const { organisationId, clientId, invoiceId, contratId } = payment;
  const schedule = begun instanceof Date ? undefined : begun;
  const dateRejet = begun instanceof Date ? begun : (begun.repriseAt ?? begun.dateRejet!);
  const mandatId = schedule?.mandatId || payment.mandatId;
  const about = <T>(given: string, read: () => Promise<T>) =>
    given ? orUndefined(read()) : Promise.resolve(undefined);
  const client = await orUndefined(call('clients', ClientBaseServiceService).get({ id: clientId }));
  return {
    payment: schedule ? payment : { ...payment, tentative: payment.tentative || 1 },
    client: client ?? ({ email: '', nom: '', prenom: '' } as Client),
    invoice: await about(invoiceId, () => call('factures', InvoiceServiceService).get({ id: invoiceId })),
    contrat: await about(contratId, () => call('contrats', ContratServiceService).get({ id: contratId })),
    mandat: await about(mandatId, () => call('payments', MandateServiceService).get({ id: mandatId })),
    ownDays: await ownDaysOf(call, organisationId, dateInParis(dateRejet)),
    politique: schedule
      ? fullPolitique(schedule.politique, 'politique')
      : await policyOf(call, organisationId),
    schedule,
    // the reason that a new mandate has resolved is not a reason for that mandate's debits
    rejet: { motifRejet: (!schedule?.repriseAt && schedule?.motifRejet) || motif, dateRejet },
  };
}

/** The running retries of an invoice's payments. */
export async function readRetriesOf(
  call: CallService,
  invoiceId: string,
  motif: string,
): Promise<ReadRetries[]> {
  const service = call('payments', PaymentServiceService);
  const payments: Payment[] = [];
  for await (const page of everyPage((at) => service.list({ invoiceId, ...at })))
    payments.push(...page.payments);
  const read: ReadRetries[] = [];
  for (const payment of payments) {
    const schedule = await orUndefined(
      call('retry', RetryAdminServiceService).getSchedule({ id: payment.id }),
    );
    if (schedule && LIVE.includes(schedule.statut))
      read.push(await readRetries(call, payment, motif, schedule));
  }
  return read;
}

/** The policy in force. */
export async function policyOf(call: CallService, organisationId: string): Promise<FullPolitique> {
  const retries = call('retry', RetryAdminServiceService);
  for (const whose of new Set([organisationId, 'default'])) {
    const rows: RetryPolicy[] = [];
    for await (const page of everyPage((at) => retries.listPolicies({ organisationId: whose, ...at })))
      rows.push(...page.policies);
    const row = inForce(rows);
    if (row) return fullPolitique(row.politique, 'politique');
  }
  return DEFAULT_POLITIQUE;
}

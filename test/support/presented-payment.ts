import type { Connected } from '@crm/kit';
import type {
  CreatePaymentRequest,
  MandateServiceService,
  Payment,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { unique } from './unique.ts';

/** The services for debits. */
type Services = {
  mandates: Connected<typeof MandateServiceService>;
  payments: Connected<typeof PaymentServiceService>;
};
/** A past day on which banks were open. A debit that is planned for a past day needs no notice. */
const DAY = '2026-03-09';

/**
 * A payment that is with the bank: a debit by a mandate of its own, in a file. Emit takes everything that is
 * due of an organisation, so omit the organisation or give one of the test's own.
 */
export async function presentedPayment(
  { mandates, payments }: Services,
  more: Partial<CreatePaymentRequest> = {},
): Promise<Payment> {
  const whose = { organisationId: unique('org'), clientId: unique('client'), ...more };
  const { organisationId, clientId } = whose;
  const { id: mandatId } = await mandates.create({
    ...{ organisationId, clientId, iban: 'FR1420041010050500013M02606', titulaire: 'Test' },
    dateSignature: '2026-01-15',
  });
  const { id } = await payments.create({ mandatId, montant: 75_000n, datePrevue: DAY, ...whose });
  await payments.emit({ organisationId, dateCollecte: DAY });
  const payment = await payments.get({ id });
  if (payment.statut !== 'EMIS') throw new Error(`${id} is ${payment.statut}, and not presented`);
  return payment;
}

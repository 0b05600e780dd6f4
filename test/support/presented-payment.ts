import type { Connected } from '@crm/kit';
import type {
  CreatePaymentRequest,
  MandateServiceService,
  Payment,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { unique } from './unique.ts';

/** The services that have to do with debits. */
type Services = {
  mandates: Connected<typeof MandateServiceService>;
  payments: Connected<typeof PaymentServiceService>;
};
/** A day of the past on which banks were open: nobody has to be told of a debit that is planned for it. */
const DAY = '2026-03-09';

/**
 * A payment that the bank has: a debit by a mandate of its own, in a file for the bank.
 * Emit takes all that is due of an organisation: leave the organisation out, or give one that is the test's own.
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

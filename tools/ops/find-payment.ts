import { formatDate, formatEuros } from '@crm/domain';
import { everyPage, isNotFound } from '@crm/kit';
import { PaymentServiceService, type Payment } from '@crm/proto/payments/payments';
import { PlainError } from '../plain-error.ts';
import { findInvoice, isId } from './find-invoice.ts';
import type { CallService } from './service-callers.ts';

/** The words of an argument or option that names a rejected payment. */
export const A_REJECTED_PAYMENT = 'the number of its invoice, or its id';

/**
 * Finds the payment of an invoice that was rejected, by the invoice's number, or a payment by its id.
 * @param org the id or code of the organisation whose number it is; empty: any
 * @throws {PlainError} there is none, or there are several: it names them
 */
export async function findRejectedPayment(call: CallService, named: string, org = ''): Promise<Payment> {
  const payments = call('payments', PaymentServiceService);
  if (isId(named)) {
    return await payments.get({ id: named }).catch((error: unknown) => {
      throw isNotFound(error) ? new PlainError(`There is no payment ${named}.`) : error;
    });
  }
  const { id: invoiceId, numero } = await findInvoice(call, named, org);
  const rejected: Payment[] = [];
  for await (const page of everyPage((at) => payments.list({ invoiceId, ...at })))
    rejected.push(...page.payments.filter(({ motifRejet }) => motifRejet !== ''));
  const [payment, ...others] = rejected;
  if (payment && others.length === 0) return payment;
  if (!payment) throw new PlainError(`No payment of invoice ${numero} was rejected.`);
  const which = rejected.map(
    ({ id, montant, dateRejet, motifRejet }) =>
      `${formatEuros(montant)} rejected${dateRejet ? ` ${formatDate(dateRejet)}` : ''} (${motifRejet}): ${id}`,
  );
  throw new PlainError(
    `Several payments of invoice ${numero} were rejected. Say which by its id: ${which.join('; ')}`,
  );
}

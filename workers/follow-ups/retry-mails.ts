import { orUndefined } from '@crm/kit';
import type { Payment } from '@crm/proto/payments/payments';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { PaymentRetryInput } from '@crm/workflows/payment-retry';
import type { Services } from '../clients.ts';
import { leftToPay, paymentVariables } from '../mail-variables.ts';
import { reasonNotToMail } from '../reason-not-to-mail.ts';

/**
 * Sends a client a mail about the retries of a payment; one without an address, or whose address was refused,
 * gets none. Values are raw: cents, ISO 8601, and the template writes them in French.
 * @param key of the mail among those of the payment: a repeat does not send it again, whatever it says
 * @param toCome it is about a debit to come, which takes what is left of the invoice at most
 */
export async function mailOfRetry(
  { clients, factures, email }: Services,
  { organisationId, paymentId }: PaymentRetryInput,
  payment: Payment,
  {
    modele,
    key,
    about,
    toCome = false,
  }: { modele: string; key: string; about: Record<string, string>; toCome?: boolean },
): Promise<void> {
  const { clientId, invoiceId } = payment;
  const client = await orUndefined(clients.get({ id: clientId }));
  if (!client || reasonNotToMail(client)) return;
  const facture = invoiceId ? await orUndefined(factures.get({ id: invoiceId })) : undefined;
  const montantDu = leftToPay(payment, facture);
  const debit = { montant: toCome ? montantDu : payment.montant, montantDu };
  await email.sendEmailWithTemplate({
    organisationId,
    clientId,
    destinataire: client.email,
    modele,
    variables: { ...paymentVariables(client, debit, facture), ...about },
    envoi: `${retryWorkflowId(paymentId)}/${key}`,
  });
}

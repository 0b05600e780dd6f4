import type { Payment } from '@crm/proto/payments/payments';
import type { PaymentRetryInput } from '@crm/workflows/payment-retry';
import type { Services } from '../clients.ts';
import { known } from './payment-truth.ts';

/**
 * Sends a client a mail about the retries of a payment; one without an address gets none. Values are raw: cents,
 * ISO 8601, and the template writes them in French.
 * @param key of the mail among those of the payment: a repeat does not send it again
 */
export async function mailOfRetry(
  { clients, factures, email }: Services,
  { organisationId, paymentId }: PaymentRetryInput,
  payment: Payment,
  { modele, key, about }: { modele: string; key: string; about: Record<string, string> },
): Promise<void> {
  const { clientId, invoiceId, montant } = payment;
  const client = await known(clients.get({ id: clientId }));
  if (!client?.email) return;
  const facture = invoiceId ? await known(factures.get({ id: invoiceId })) : undefined;
  await email.sendEmailWithTemplate(
    {
      organisationId,
      clientId,
      destinataire: client.email,
      modele,
      variables: {
        nom: client.nom,
        prenom: client.prenom,
        montant: String(montant),
        ...(facture && {
          numero: facture.numero,
          dateFacture: facture.dateFacture,
          dateEcheance: facture.dateEcheance,
          montantFacture: String(facture.montant),
          montantRecu: String(facture.montantRecu),
          restantDu: String(facture.restantDu),
        }),
        ...about,
      },
    },
    { metadata: { 'idempotency-key': `retry/${paymentId}/${key}` } },
  );
}

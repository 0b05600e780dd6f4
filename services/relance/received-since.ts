import { startOfDay } from '@crm/domain';
import { knownOf, type Connected } from '@crm/kit';
import type { Invoice } from '@crm/proto/factures/factures';
import type { PaymentServiceService } from '@crm/proto/payments/payments';

/** The RPC of payments that tells what was received; called with the caller's own token. */
export type PaymentSums = { payments: Pick<Connected<typeof PaymentServiceService>, 'getMontantsRecus'> };

/**
 * What was received for invoices on a day or later, in cents. A payment that was returned does not count; what was left
 * of an invoice that a person has marked as paid does.
 * @param day YYYY-MM-DD, Europe/Paris
 */
export async function receivedSince(
  { payments }: PaymentSums,
  invoices: Map<string, Invoice>,
  day: string,
): Promise<bigint> {
  const depuis = startOfDay(day);
  const received = await knownOf(
    [...invoices.keys()],
    async ({ ids }) => ({
      ...(await payments.getMontantsRecus({ invoiceIds: ids, depuis })),
      nextPageToken: '',
    }),
    ({ montants }) => montants.map((one) => ({ id: one.invoiceId, ...one })),
  );
  const marked = [...invoices.values()]
    .filter(({ datePaiement }) => datePaiement >= day)
    .map(({ montant, montantAvoirs, montantRecu }) => montant - montantAvoirs - montantRecu);
  return [...received.values()].reduce((sum, { montant }) => sum + montant, sumOf(marked));
}

const sumOf = (amounts: bigint[]): bigint => amounts.reduce((sum, one) => sum + one, 0n);

import { knownOf, type Connected } from '@crm/kit';
import type { PaymentServiceService } from '@crm/proto/payments/payments';

/** The RPC of payments that tells what was received; called with the caller's own token. */
export type PaymentSums = { payments: Pick<Connected<typeof PaymentServiceService>, 'getMontantsRecus'> };

/** What was received for invoices at an instant or later, in cents. A payment that was returned does not count. */
export async function receivedSince(
  { payments }: PaymentSums,
  invoiceIds: string[],
  depuis: Date,
): Promise<bigint> {
  const received = await knownOf(
    invoiceIds,
    async ({ ids }) => ({
      ...(await payments.getMontantsRecus({ invoiceIds: ids, depuis })),
      nextPageToken: '',
    }),
    ({ montants }) => montants.map((one) => ({ id: one.invoiceId, ...one })),
  );
  return [...received.values()].reduce((sum, { montant }) => sum + montant, 0n);
}

import { knownOf, type Connected } from '@crm/kit';
import type { CouvertureFacture, PaymentServiceService } from '@crm/proto/payments/payments';

/** The RPC of payments that tells the debits under way; called with the caller's own token. */
export type DebitSource = Pick<Connected<typeof PaymentServiceService>, 'getCouvertures'>;

/** What debits under way take of invoices, by invoice id. */
export async function coversOf(
  payments: DebitSource,
  of: { invoiceId: string }[],
): Promise<Map<string, CouvertureFacture>> {
  return await knownOf(
    of.map(({ invoiceId }) => invoiceId),
    async ({ ids: invoiceIds }) => ({
      ...(await payments.getCouvertures({ invoiceIds })),
      nextPageToken: '',
    }),
    ({ couvertures }) => couvertures.map((cover) => ({ id: cover.invoiceId, ...cover })),
  );
}

import { unavailable, type Connected } from '@crm/kit';
import type { PaymentServiceService } from '@crm/proto/payments/payments';

/** Reads the amount collected for invoices, in cents, by invoice id; 0 if nothing was. */
export type AmountsReceived = (invoiceIds: string[]) => Promise<(id: string) => bigint>;

/**
 * Asks payments, in one call for all invoices. An invoice missing in the answer is an error, not 0.
 * @throws {ServiceError} as payments refuses; UNAVAILABLE if it is away
 */
export const amountsReceived =
  (payments: Pick<Connected<typeof PaymentServiceService>, 'getMontantsRecus'>): AmountsReceived =>
  async (invoiceIds) => {
    if (invoiceIds.length === 0) return () => 0n;
    const { montants } = await payments.getMontantsRecus({ invoiceIds });
    const received = new Map(montants.map(({ invoiceId, montant }) => [invoiceId, montant]));
    return (id) => {
      const montant = received.get(id);
      if (montant === undefined)
        throw unavailable('PAYMENTS', `payments did not say what was received of ${id}`);
      return montant;
    };
  };

import type { ServiceError } from '@grpc/grpc-js';
import { StatutPaiement } from '@crm/proto/payments/payments';
import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { refusalReason } from '../refusal-reason.ts';
import { orUndefined } from '@crm/kit';

/** The refusals of the commission service that mean that nothing is earned. */
const EARNS_NOTHING: Record<string, string> = {
  APPORTEUR_INACTIF: 'l’apporteur est inactif',
  APPORTEUR_SANS_BAREME: 'l’apporteur n’a pas de barème',
};

/** Handlers of the commission service. */
export const commissionHandlers = ({ commissions, contrats, factures, payments }: Services) => {
  /** The contract of a payment's invoice, if the invoice is known. */
  const contratOf = async (invoiceId: string, deadlineMs: number) =>
    invoiceId ? (await orUndefined(factures.get({ id: invoiceId }, { deadlineMs })))?.contratId : undefined;
  return {
    async computeCommission({ paymentId, organisationId, clientId, montant }, { metadata, deadlineMs }) {
      const { statut, ...payment } = await payments.get({ id: paymentId }, { deadlineMs });
      const contratId = payment.contratId || (await contratOf(payment.invoiceId, deadlineMs));
      if (!contratId) return { skipped: 'le paiement ne vient d’aucun contrat' };
      // the event may be late: a payment that was returned meanwhile earns nothing
      if (statut !== StatutPaiement.ENCAISSE) return { skipped: 'le paiement n’est plus encaissé' };
      const { apporteurId } = await contrats.get({ id: contratId }, { deadlineMs });
      if (!apporteurId) return { skipped: 'le contrat n’a pas d’apporteur' };
      try {
        const { id } = await commissions.calculerCommission(
          { organisationId, apporteurId, paymentId, contratId, clientId, montant },
          { metadata, deadlineMs },
        );
        return { done: id };
      } catch (error) {
        const skipped = EARNS_NOTHING[refusalReason(error as ServiceError) ?? ''];
        if (!skipped) throw error;
        return { skipped };
      }
    },
  } satisfies Partial<Handlers>;
};

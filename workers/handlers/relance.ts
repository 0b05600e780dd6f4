import type { Client } from '@temporalio/client';
import { orUndefined } from '@crm/kit';
import type { Invoice } from '@crm/proto/factures/factures';
import { ActionRelance, StatutRelance, StatutSuivi } from '@crm/proto/relance/relance';
import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { startFirstFollowUp } from '../follow-ups/start-first-follow-up.ts';
import { tellInvoiceReminder } from '../follow-ups/start-invoice-reminder.ts';
import { notNew } from './not-new.ts';

const NO_INVOICE = { skipped: 'le paiement ne concerne aucune facture' };
const UNKNOWN_INVOICE = { skipped: 'la facture du paiement est inconnue' };

/** The follow-ups that events start, and those that they concern. */
export const relanceHandlers = ({ suivis, relances, factures }: Services, temporal: Client) => {
  /** The invoice of a payment. It may be unknown: from before Suivi, or of another system. */
  const invoiceOf = async (id: string, deadlineMs: number): Promise<Invoice | undefined> =>
    await orUndefined(factures.get({ id }, { deadlineMs }));
  return {
    async startFirstFollowUp(event, { metadata, deadlineMs }) {
      const old = notNew(event);
      if (old) return old;
      const { organisationId, clientId, createdAt } = event;
      const suivi = await suivis.create(
        { organisationId, clientId, depuis: createdAt },
        { metadata, deadlineMs },
      );
      // the row decides: Temporal may have forgotten the run
      if (suivi.statut === StatutSuivi.TERMINE) return { skipped: 'le premier suivi est terminé' };
      return { done: await startFirstFollowUp(temporal, suivi, event) };
    },
    async startInvoiceReminder(event, { deadlineMs }) {
      const invoice = await factures.get({ id: event.invoiceId }, { deadlineMs });
      return { done: (await tellInvoiceReminder(temporal, 'invoice.created', invoice, event)).workflowId };
    },
    async settleInvoiceReminder(event, { deadlineMs }) {
      if (!event.invoiceId) return NO_INVOICE;
      const invoice = await invoiceOf(event.invoiceId, deadlineMs);
      if (!invoice) return UNKNOWN_INVOICE;
      const { workflowId, hasEnded } = await tellInvoiceReminder(
        temporal,
        'payment.received',
        invoice,
        event,
      );
      if (hasEnded && invoice.restantDu <= 0n) {
        // it was paid after the last reminder: if that payment is returned, something is due again
        const settled = { id: invoice.id, action: ActionRelance.SOLDE, motif: 'facture réglée' };
        await orUndefined(relances.recordProgress(settled, { deadlineMs }));
      }
      return { done: workflowId };
    },
    async rearmInvoiceReminder(event, { deadlineMs }) {
      if (!event.invoiceId) return NO_INVOICE;
      const invoice = await invoiceOf(event.invoiceId, deadlineMs);
      if (!invoice) return UNKNOWN_INVOICE;
      const relance = await orUndefined(relances.get({ id: invoice.id }, { deadlineMs }));
      if (relance?.statut === StatutRelance.ANNULEE) return { skipped: 'les relances ont été annulées' };
      if (relance?.statut === StatutRelance.ACHEVEE) return { skipped: 'le dernier niveau a été traité' };
      return { done: (await tellInvoiceReminder(temporal, 'payment.rejected', invoice, event)).workflowId };
    },
  } satisfies Partial<Handlers>;
};

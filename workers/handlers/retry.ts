import { orUndefined } from '@crm/kit';
import type { Client } from '@temporalio/client';
import { StatutRetry } from '@crm/proto/retry/retry';
import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { paymentIsRejected, startPaymentRetry } from '../follow-ups/start-payment-retry.ts';

/** Handlers of the retry service. */
export const retryHandlers = ({ factures, retries }: Services, temporal: Client) =>
  ({
    async queuePaymentRetry(event, { metadata, deadlineMs }) {
      const { organisationId, paymentId, clientId, invoiceId, montant, motifRejet, dateRejet, tentative } =
        event;
      const schedule = await retries.createSchedule(
        { organisationId, paymentId, clientId, invoiceId, montant, motifRejet, dateRejet, tentative },
        { metadata, deadlineMs },
      );
      const { statut, motifFin } = schedule;
      if (statut === StatutRetry.PLANIFIE || statut === StatutRetry.EN_COURS) {
        const invoice = invoiceId
          ? await orUndefined(factures.get({ id: invoiceId }, { deadlineMs }))
          : undefined;
        return { done: await startPaymentRetry(temporal, schedule, event, invoice?.numero) };
      }
      // a run that ends because of this rejection is told of it; if there is no run, nothing happens
      const told = await paymentIsRejected(temporal, paymentId);
      return told ? { done: `${statut}: ${motifFin}` } : { skipped: motifFin };
    },
  }) satisfies Partial<Handlers>;

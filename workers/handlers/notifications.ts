import { clientName, obstacleTo, todayInParis } from '@crm/domain';
import { orUndefined } from '@crm/kit';
import { StatutCommission, type Commission } from '@crm/proto/commission/commission';
import { StatutPaiement } from '@crm/proto/payments/payments';
import type { HandlerContext, Handlers, Outcome } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { financeOf } from '../finance-of.ts';
import { invoiceText, paymentText, rejectionText, type About, type Text } from './finance-texts.ts';
import { notNew } from './not-new.ts';

/** Handlers of the notifications service. */
export function notificationsHandlers(services: Services) {
  const { clients, commissions, factures, motifsRejet, notifications, payments } = services;

  /** Notifies the whole finance team in one call, which happens once because of the handler's key. */
  async function tellFinance(
    about: { organisationId: string; type: string; reference: string },
    { metadata, deadlineMs }: HandlerContext,
    text: () => Promise<Text>,
  ): Promise<Outcome> {
    const utilisateurIds = await financeOf(services, about.organisationId, { deadlineMs });
    if (utilisateurIds.length === 0) {
      return { skipped: 'l’organisation n’a pas de destinataire finance' };
    }
    const told = await notifications.createNotifications(
      { ...about, ...(await text()), utilisateurIds },
      { metadata, deadlineMs },
    );
    return { done: told.notifications.map(({ id }) => id).join(' ') };
  }

  /** The number of an invoice and the name of a client, or their references if they are unknown. */
  async function aboutOf(
    { invoiceId, clientId }: { invoiceId: string; clientId: string },
    deadlineMs: number,
  ): Promise<About> {
    const [invoice, client] = await Promise.all([
      invoiceId ? orUndefined(factures.get({ id: invoiceId }, { deadlineMs })) : undefined,
      orUndefined(clients.get({ id: clientId }, { deadlineMs })),
    ]);
    return { facture: invoice?.numero ?? invoiceId, client: client ? clientName(client) : clientId };
  }

  /** The commission of a payment whose money was taken back. */
  async function toClawBack(paymentId: string, deadlineMs: number): Promise<Commission | undefined> {
    const earned = await commissions.getCommissions(
      { paymentId, statut: StatutCommission.DUE, pageSize: 1 },
      { deadlineMs },
    );
    const [commission] = earned.commissions;
    if (!commission) return undefined;
    // the event may be late: the payment may have been presented again and collected
    const { statut } = await payments.get({ id: paymentId }, { deadlineMs });
    return statut === StatutPaiement.ENCAISSE ? undefined : commission;
  }

  return {
    async notifyAccountManager(event, { metadata, deadlineMs }) {
      const old = notNew(event);
      if (old) return old;
      const { clientId, organisationId, ...client } = event;
      const { gestionnaireId } = await clients.get({ id: clientId }, { deadlineMs });
      if (!gestionnaireId) return { skipped: 'le client n’a pas de gestionnaire' };
      const { id } = await notifications.createNotification(
        {
          organisationId,
          utilisateurId: gestionnaireId,
          type: 'client.created',
          titre: 'Nouveau client',
          message: `Vous suivez désormais ce client\u00a0: ${clientName(client)}.`,
          reference: clientId,
        },
        { metadata, deadlineMs },
      );
      return { done: id };
    },

    notifyFinanceOfInvoice: (event, context) =>
      tellFinance(
        { organisationId: event.organisationId, type: 'invoice.created', reference: event.invoiceId },
        context,
        async () => invoiceText(event, await aboutOf(event, context.deadlineMs), todayInParis()),
      ),

    notifyFinanceOfPayment: (event, context) =>
      tellFinance(
        { organisationId: event.organisationId, type: 'payment.received', reference: event.paymentId },
        context,
        async () => paymentText(event, await aboutOf(event, context.deadlineMs)),
      ),

    alertFinanceOfRejection: (event, context) =>
      tellFinance(
        { organisationId: event.organisationId, type: 'payment.rejected', reference: event.paymentId },
        context,
        async () => {
          const { deadlineMs } = context;
          const [about, motif, obstacle, commission] = await Promise.all([
            aboutOf(event, deadlineMs),
            motifsRejet.get({ code: event.motifRejet }, { deadlineMs }),
            obstacleTo(services, event.paymentId, { deadlineMs }),
            toClawBack(event.paymentId, deadlineMs),
          ]);
          return rejectionText(event, about, motif, obstacle?.motifFin, commission);
        },
      ),
  } satisfies Partial<Handlers>;
}

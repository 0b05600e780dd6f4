import { eventIdOf } from '@crm/kit';
import { StatutCommission } from '@crm/proto/commission/commission';
import { TypeEntite } from '@crm/proto/documents/documents';
import type { EventType, HandlerName } from '@crm/workflows/events';
import { ground } from '../support/ground.ts';
import type { Stack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/** The effect of each handler of an event, from the service that has it. */
type Effects<T extends EventType> = Record<HandlerName<T>, unknown>;

/** An event that took place, its message, and what followed. */
export type Told<T extends EventType> = {
  eventId: string;
  message: object;
  effects: () => Promise<Effects<T>>;
  expected: Effects<T>;
};

/** For every event: makes it happen through its public RPC. */
export type Stories = { [T in EventType]: () => Promise<Told<T>> };

/** The stories of all events, on a platform. */
export function eventStories(stack: Stack): Stories {
  const { services, completed, prepareClient, issueInvoice, planPayment, draftContract, signContract } =
    ground(stack);
  const { kpis, emails, notifications } = services;
  /** The titles of a user's notifications about an event. */
  const toldOf = async (utilisateurId: string, type: string) =>
    (await notifications.getNotificationsByUser({ utilisateurId })).notifications.filter(
      (notification) => notification.type === type,
    ).length;
  const mailsFrom = async (clientId: string, modele: string) =>
    (await emails.getEmails({ clientId })).emails
      .filter((email) => email.modele === modele)
      .map(({ statut }) => statut);
  /** An invoice whose reminder waits. */
  const prepareInvoice = async () => {
    const prepared = await prepareClient();
    const invoice = await issueInvoice(prepared);
    await completed(eventIdOf('invoice.created', [invoice.id]));
    return { ...prepared, invoice };
  };
  const reminderOf = async (invoiceId: string) => (await services.relances.get({ id: invoiceId })).statut;

  return {
    async 'client.created'() {
      const { organisationId, client, gestionnaireId, clientId } = await prepareClient();
      return {
        eventId: eventIdOf('client.created', [clientId]),
        message: { clientId, organisationId, nom: 'Martin', prenom: 'Zoé', email: client.email },
        effects: async () => ({
          email: await mailsFrom(clientId, 'bienvenue'),
          notifications: await toldOf(gestionnaireId, 'client.created'),
          dashboard: (await kpis.getKpis({ organisationId })).nouveauxClients,
          relance: (await services.suivis.list({ clientId })).suivis.length,
        }),
        expected: { email: ['ENVOYE'], notifications: 1, dashboard: 1n, relance: 1 },
      };
    },

    async 'invoice.created'() {
      const { organisationId, finance, clientId, invoice } = await prepareInvoice();
      const { id, dateFacture, dateEcheance } = invoice;
      return {
        eventId: eventIdOf('invoice.created', [id]),
        message: {
          ...{ invoiceId: id, organisationId, clientId, montant: 120_000n },
          ...{ dateFacture, dateEcheance },
        },
        effects: async () => ({
          email: await mailsFrom(clientId, 'facture'),
          notifications: await toldOf(finance, 'invoice.created'),
          dashboard: (await kpis.getKpis({ organisationId })).chiffreAffaires,
          relance: await reminderOf(id),
        }),
        expected: { email: ['ENVOYE'], notifications: 1, dashboard: 120_000n, relance: 'EN_ATTENTE' },
      };
    },

    async 'payment.received'() {
      const prepared = await prepareInvoice();
      const { organisationId, finance, clientId, invoice } = prepared;
      const contrat = await draftContract(prepared);
      const { id } = await planPayment(prepared, { invoiceId: invoice.id, contratId: contrat.id });
      const { tentative } = await services.payments.confirm({ id });
      return {
        eventId: eventIdOf('payment.received', [id, String(tentative), '1']),
        message: { paymentId: id, invoiceId: invoice.id, organisationId, clientId, montant: 120_000n },
        effects: async () => ({
          notifications: await toldOf(finance, 'payment.received'),
          relance: await until('the end of the reminder', async () => {
            const statut = await reminderOf(invoice.id);
            return statut === 'SOLDEE' && statut;
          }),
          dashboard: (await kpis.getKpis({ organisationId })).encaissements,
          commission: (await services.commissions.getCommissions({ paymentId: id })).commissions.map(
            ({ montant, statut }) => [montant, statut],
          ),
        }),
        expected: {
          notifications: 1,
          relance: 'SOLDEE',
          dashboard: 120_000n,
          commission: [[3_000n, StatutCommission.DUE]],
        },
      };
    },

    async 'payment.rejected'() {
      const prepared = await prepareInvoice();
      const { organisationId, finance, clientId, invoice } = prepared;
      const { id } = await planPayment(prepared, { invoiceId: invoice.id });
      const { tentative } = await services.payments.reject({ id, motifRejet: ' am04 ' });
      return {
        eventId: eventIdOf('payment.rejected', [id, String(tentative), '1']),
        message: {
          ...{ paymentId: id, invoiceId: invoice.id, organisationId, clientId, montant: 120_000n },
          ...{ motifRejet: 'AM04', tentative: 1 },
        },
        effects: async () => {
          const { eligibilite, statut, tentatives } = await services.retries.getSchedule({ id });
          return {
            retry: [eligibilite, statut, tentatives.length],
            relance: await reminderOf(invoice.id),
            notifications: await toldOf(finance, 'payment.rejected'),
            email: await mailsFrom(clientId, 'rejet-am04'),
          };
        },
        expected: {
          retry: ['ELIGIBLE', 'PLANIFIE', 3],
          relance: 'EN_ATTENTE',
          notifications: 1,
          email: ['ENVOYE'],
        },
      };
    },

    async 'contract.signed'() {
      const prepared = await prepareClient();
      const { organisationId, clientId } = prepared;
      const { id, produitId, dateSignature } = await signContract(prepared);
      return {
        eventId: eventIdOf('contract.signed', [id]),
        message: {
          ...{ contratId: id, organisationId, clientId, produitId, montantTotal: 100_000n },
          dateSignature,
        },
        effects: async () => ({
          payments: (await services.schedules.list({ contratId: id })).schedules.map(({ paiements }) =>
            paiements.map(({ montant, statut }) => [montant, statut]),
          ),
          email: await mailsFrom(clientId, 'confirmation-contrat'),
          documents: (
            await services.documents.listByEntite({ typeEntite: TypeEntite.CONTRAT, entiteId: id })
          ).piecesJointes.map(({ typeMime, archivee }) => [typeMime, archivee]),
        }),
        expected: {
          payments: [
            [
              [33_334n, 'PLANIFIE'],
              [33_333n, 'PLANIFIE'],
              [33_333n, 'PLANIFIE'],
            ],
          ],
          email: ['ENVOYE'],
          documents: [['application/pdf', true]],
        },
      };
    },
  };
}

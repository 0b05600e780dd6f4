import { eventIdOf, type ServiceName } from '@crm/kit';
import { StatutCommission, CommissionServiceService } from '@crm/proto/commission/commission';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import {
  ApporteurServiceService,
  BaremeCommissionServiceService,
  TypeBareme,
} from '@crm/proto/commerciaux/commerciaux';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { PieceJointeServiceService, TypeEntite } from '@crm/proto/documents/documents';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { PaymentScheduleServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { RelanceServiceService, SuiviServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { EventType, HandlerName } from '@crm/workflows/events';
import type { Stack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { workflowIn } from '../support/workflows.ts';

/** What each handler of an event had for an effect, as the service that had it tells. */
type Effects<T extends EventType> = Record<HandlerName<T>, unknown>;

/** An event that took place, what its message says, and what followed. */
export type Told<T extends EventType> = {
  eventId: string;
  message: object;
  effects: () => Promise<Effects<T>>;
  expected: Effects<T>;
};

/** For every event: brings it about through its public RPC. */
export type Stories = { [T in EventType]: () => Promise<Told<T>> };

/** The stories of all events, on a platform. */
export function eventStories(stack: Stack): Stories {
  const services = connect(stack);
  const { kpis, emails, notifications } = services;
  /** The titles of what a user was told about an event. */
  const toldOf = async (utilisateurId: string, type: string) =>
    (await notifications.getNotificationsByUser({ utilisateurId })).notifications.filter(
      (notification) => notification.type === type,
    ).length;
  const mailsFrom = async (clientId: string, modele: string) =>
    (await emails.getEmails({ clientId })).emails
      .filter((email) => email.modele === modele)
      .map(({ statut }) => statut);
  /** An organisation whose money is looked after, and a client of it with an address. */
  const prepare = async () => {
    const [code, finance, gestionnaireId] = [unique('org'), unique('finance'), unique('gestionnaire')];
    await services.organisations.create({ nom: 'Horizon', code, financeIds: [finance] });
    const client = await services.clients.create({
      ...{ nom: 'Martin', prenom: 'Zoé', organisationId: code, gestionnaireId },
      email: uniqueAddress(),
    });
    return { organisationId: code, finance, gestionnaireId, client, clientId: client.id };
  };
  const completed = async (eventId: string) => workflowIn(await stack.temporal(), eventId, 'COMPLETED');
  /** An invoice whose reminder waits. */
  const prepareInvoice = async () => {
    const prepared = await prepare();
    const { organisationId, clientId } = prepared;
    const invoice = await services.factures.create({ organisationId, clientId, montant: 120_000n });
    await completed(eventIdOf('invoice.created', [invoice.id]));
    return { ...prepared, invoice };
  };
  const reminderOf = async (invoiceId: string) => (await services.relances.get({ id: invoiceId })).statut;

  return {
    async 'client.created'() {
      const { organisationId, client, gestionnaireId, clientId } = await prepare();
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
      const { organisationId, finance, clientId, invoice } = await prepareInvoice();
      const bareme = await services.baremes.create({
        ...{ organisationId, nom: '2,5 %', type: TypeBareme.POURCENTAGE, tauxPointsBase: 250 },
      });
      const apporteur = await services.apporteurs.create({
        ...{ organisationId, nom: 'Apport', baremeId: bareme.id },
      });
      const contrat = await services.contrats.create({
        ...{ organisationId, clientId, produitId: 'prod-456', apporteurId: apporteur.id, brouillon: true },
      });
      const { id } = await services.payments.create({
        ...{ organisationId, clientId, invoiceId: invoice.id, contratId: contrat.id, montant: 120_000n },
      });
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
      const { organisationId, finance, clientId, invoice } = await prepareInvoice();
      const { id } = await services.payments.create({
        ...{ organisationId, clientId, invoiceId: invoice.id, montant: 120_000n },
      });
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
      const { organisationId, clientId } = await prepare();
      const contrat = await services.contrats.create({
        ...{ organisationId, clientId, produitId: 'prod-456', montantTotal: 100_000n, nombreEcheances: 3 },
      });
      const { id, dateSignature } = contrat;
      return {
        eventId: eventIdOf('contract.signed', [id]),
        message: {
          ...{ contratId: id, organisationId, clientId, produitId: 'prod-456', montantTotal: 100_000n },
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

const connect = (stack: Stack) => {
  const client: Stack['client'] = (service: ServiceName, definition) => stack.client(service, definition);
  return {
    apporteurs: client('commerciaux', ApporteurServiceService),
    baremes: client('commerciaux', BaremeCommissionServiceService),
    clients: client('clients', ClientBaseServiceService),
    commissions: client('commission', CommissionServiceService),
    contrats: client('contrats', ContratServiceService),
    documents: client('documents', PieceJointeServiceService),
    emails: client('email', EmailServiceService),
    factures: client('factures', InvoiceServiceService),
    kpis: client('dashboard', DashboardKpisServiceService),
    notifications: client('notifications', NotificationServiceService),
    organisations: client('organisations', OrganisationServiceService),
    payments: client('payments', PaymentServiceService),
    relances: client('relance', RelanceServiceService),
    retries: client('retry', RetryAdminServiceService),
    schedules: client('payments', PaymentScheduleServiceService),
    suivis: client('relance', SuiviServiceService),
  };
};

import type { ServiceName } from '@crm/kit';
import { ClientBaseServiceService, type CreateClientRequest } from '@crm/proto/clients/clients';
import { CommissionServiceService } from '@crm/proto/commission/commission';
import {
  ApporteurServiceService,
  BaremeCommissionServiceService,
  TypeBareme,
} from '@crm/proto/commerciaux/commerciaux';
import { ContratServiceService, type CreateContratRequest } from '@crm/proto/contrats/contrats';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { PieceJointeServiceService } from '@crm/proto/documents/documents';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import {
  CreancierServiceService,
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { ProduitServiceService } from '@crm/proto/products/products';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { RelanceServiceService, SuiviServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { Stack } from './stack.ts';
import { unique, uniqueAddress } from './unique.ts';
import { workflowIn } from './workflows.ts';

export type Ground = ReturnType<typeof ground>;
/** An organisation, who looks after its money, and a client of it. */
export type Prepared = Awaited<ReturnType<Ground['prepareClient']>>;

/** The preparations of stories on a platform: organisations, clients, contracts, invoices. */
export function ground(stack: Stack) {
  const services = connect(stack);
  return {
    services,
    completed: async (workflowId: string) => workflowIn(await stack.temporal(), workflowId, 'COMPLETED'),

    /** By default a client with an address, in an organisation with a user for its money. */
    async prepareClient(fields: Partial<CreateClientRequest> = {}, { hasFinance = true } = {}) {
      const { organisationId = unique('org'), gestionnaireId = unique('gestionnaire') } = fields;
      const finance = unique('finance');
      const organisation = { nom: 'Horizon', code: organisationId, financeIds: hasFinance ? [finance] : [] };
      await services.organisations.create(organisation);
      // an organisation that was set up needs a société to issue invoices, and a creditor to collect
      await services.societes.create({ organisationId, raisonSociale: 'Horizon' });
      const creancier = { nom: 'Horizon', iban: 'FR7630006000011234567890189', ics: 'FR72ZZZ123456' };
      await services.creanciers.create({ organisationId, ...creancier });
      const client = await services.clients.create({
        ...{ nom: 'Martin', prenom: 'Zoé', email: uniqueAddress(), gestionnaireId },
        ...fields,
        organisationId,
      });
      return { organisationId, finance, gestionnaireId, client, clientId: client.id };
    },

    issueInvoice: ({ organisationId, clientId }: Whose) =>
      services.factures.create({ organisationId, clientId, montant: AMOUNT }),

    /** A payment, alone or of an invoice, for the contract of the invoice. */
    planPayment: ({ organisationId, clientId }: Whose, of: { invoiceId?: string; contratId?: string } = {}) =>
      services.payments.create({ organisationId, clientId, montant: AMOUNT, ...of }),

    /** A draft with an apporteur, who earns 2.5 % of the payments. */
    async draftContract({ organisationId, clientId }: Whose) {
      const { id: produitId } = await services.produits.create({ organisationId, nom: 'Entretien' });
      const bareme = await services.baremes.create({
        ...{ organisationId, nom: '2,5 %', type: TypeBareme.POURCENTAGE, tauxPointsBase: 250 },
      });
      const apporteur = await services.apporteurs.create({
        ...{ organisationId, nom: 'Apport', baremeId: bareme.id },
      });
      return await services.contrats.create({
        ...{ organisationId, clientId, produitId, apporteurId: apporteur.id, brouillon: true },
      });
    },

    /** To be paid in three instalments. */
    async signContract({ organisationId, clientId }: Whose, fields: Partial<CreateContratRequest> = {}) {
      const { id: produitId } = await services.produits.create({ organisationId, nom: 'Entretien' });
      return await services.contrats.create({
        ...{ organisationId, clientId, produitId, montantTotal: 100_000n, nombreEcheances: 3 },
        ...fields,
      });
    },
  };
}

/** The amount of every invoice and payment here, in cents. */
export const AMOUNT = 120_000n;

type Whose = { organisationId: string; clientId: string };

const connect = (stack: Stack) => {
  const client: Stack['client'] = (service: ServiceName, definition) => stack.client(service, definition);
  return {
    apporteurs: client('commerciaux', ApporteurServiceService),
    attentes: client('relance', AttenteRelanceServiceService),
    baremes: client('commerciaux', BaremeCommissionServiceService),
    clients: client('clients', ClientBaseServiceService),
    commissions: client('commission', CommissionServiceService),
    contrats: client('contrats', ContratServiceService),
    creanciers: client('payments', CreancierServiceService),
    documents: client('documents', PieceJointeServiceService),
    emails: client('email', EmailServiceService),
    factures: client('factures', InvoiceServiceService),
    mandats: client('payments', MandateServiceService),
    kpis: client('dashboard', DashboardKpisServiceService),
    notifications: client('notifications', NotificationServiceService),
    organisations: client('organisations', OrganisationServiceService),
    payments: client('payments', PaymentServiceService),
    produits: client('products', ProduitServiceService),
    relances: client('relance', RelanceServiceService),
    retries: client('retry', RetryAdminServiceService),
    societes: client('organisations', SocieteServiceService),
    schedules: client('payments', PaymentScheduleServiceService),
    suivis: client('relance', SuiviServiceService),
  };
};

import type { Handlers } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { notNew } from './not-new.ts';

/** Handlers of the dashboard service. */
export const dashboardHandlers = ({ dashboard }: Services) =>
  ({
    async countNewClient(event, { metadata, deadlineMs }) {
      const old = notNew(event);
      if (old) return old;
      const { organisationId, clientId, createdAt } = event;
      const { jour } = await dashboard.enregistrerNouveauClient(
        { organisationId, clientId, createdAt },
        { metadata, deadlineMs },
      );
      return { done: jour };
    },
    async countRevenue({ organisationId, invoiceId, montant, dateFacture }, { metadata, deadlineMs }) {
      const { jour } = await dashboard.enregistrerFacture(
        { organisationId, invoiceId, montant, dateFacture },
        { metadata, deadlineMs },
      );
      return { done: jour };
    },
    async countCashFlow({ organisationId, paymentId, montant, dateReception }, { metadata, deadlineMs }) {
      const { jour } = await dashboard.enregistrerEncaissement(
        { organisationId, paymentId, montant, dateReception },
        { metadata, deadlineMs },
      );
      return { done: jour };
    },
  }) satisfies Partial<Handlers>;

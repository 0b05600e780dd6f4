import type { Process } from '@crm/kit';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { CommissionServiceService } from '@crm/proto/commission/commission';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { PieceJointeServiceService } from '@crm/proto/documents/documents';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import {
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { MotifRejetServiceService } from '@crm/proto/referentiel/referentiel';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { RelanceServiceService, SuiviServiceService } from '@crm/proto/relance/relance';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';

/** The services that handlers and follow-ups call, with the workers' own service token. */
export const connectServices = (call: Process['call'], token: () => Promise<string>) => ({
  attentes: call('relance', AttenteRelanceServiceService, token),
  clients: call('clients', ClientBaseServiceService, token),
  commissions: call('commission', CommissionServiceService, token),
  contrats: call('contrats', ContratServiceService, token),
  dashboard: call('dashboard', DashboardKpisServiceService, token),
  documents: call('documents', PieceJointeServiceService, token),
  email: call('email', EmailServiceService, token),
  factures: call('factures', InvoiceServiceService, token),
  mandats: call('payments', MandateServiceService, token),
  motifsRejet: call('referentiel', MotifRejetServiceService, token),
  notifications: call('notifications', NotificationServiceService, token),
  organisations: call('organisations', OrganisationServiceService, token),
  payments: call('payments', PaymentServiceService, token),
  relances: call('relance', RelanceServiceService, token),
  retries: call('retry', RetryAdminServiceService, token),
  schedules: call('payments', PaymentScheduleServiceService, token),
  suivis: call('relance', SuiviServiceService, token),
  taches: call('activites', TacheServiceService, token),
});

export type Services = ReturnType<typeof connectServices>;

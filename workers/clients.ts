import type { Process } from '@crm/kit';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { EmailServiceService } from '@crm/proto/email/email';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { SuiviServiceService } from '@crm/proto/relance/relance';

/** The services that handlers and follow-ups call, with the workers' own service token. */
export const connectServices = (call: Process['call'], token: () => Promise<string>) => ({
  clients: call('clients', ClientBaseServiceService, token),
  dashboard: call('dashboard', DashboardKpisServiceService, token),
  email: call('email', EmailServiceService, token),
  notifications: call('notifications', NotificationServiceService, token),
  suivis: call('relance', SuiviServiceService, token),
  taches: call('activites', TacheServiceService, token),
});

export type Services = ReturnType<typeof connectServices>;

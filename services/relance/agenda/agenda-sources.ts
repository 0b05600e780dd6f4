import type { Connected } from '@crm/kit';
import type { TacheServiceService } from '@crm/proto/activites/activites';
import type { PaymentServiceService } from '@crm/proto/payments/payments';
import type { RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { InvoiceSource } from '../read-invoices.ts';
import type { NameSources } from './with-names.ts';

/** The services that know what is to come; called with the caller's own token. */
export type AgendaSources = NameSources & {
  factures: InvoiceSource;
  payments: Pick<Connected<typeof PaymentServiceService>, 'listPrelevements' | 'getCouvertures'>;
  retries: Pick<Connected<typeof RetryAdminServiceService>, 'listSchedules' | 'simulate'>;
  taches: Pick<Connected<typeof TacheServiceService>, 'list'>;
};

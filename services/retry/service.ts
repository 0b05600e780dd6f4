import { chronologie } from '@crm/domain';
import { implement, service } from '@crm/kit';
import { connectTemporal, temporalSpec } from '@crm/kit/temporal';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { MandateServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { ChronologieServiceService, RetryAdminServiceService } from '@crm/proto/retry/retry';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { auditLogs } from './audit-logs.ts';
import { retryLines } from './chronologie.ts';
import { commands } from './commands.ts';
import { recordRejection } from './record-rejection.ts';
import { classes } from './eligibilite.ts';
import { getMetrics } from './get-metrics.ts';
import { manyCommands } from './many-commands.ts';
import { openDays } from './open-days.ts';
import { lookAtRetries, orderRetries } from './order-retries.ts';
import { planCollecte } from './plan-collecte.ts';
import { policies } from './policies.ts';
import { politiqueInForce } from './politique.ts';
import { previewMigration } from './preview-migration.ts';
import { previewRetry } from './preview-retry.ts';
import { recordCommand } from './record-command.ts';
import { recordProgress } from './record-progress.ts';
import { schedules } from './schedules.ts';
import { simulateRetries } from './simulate-retries.ts';
import { tellReminders } from './tell-reminders.ts';

export default service(
  'retry',
  (process) => {
    const { db, log } = process;
    const temporal = connectTemporal(process);
    const telling = tellReminders(temporal, (err, invoiceId) =>
      log.info({ err, invoiceId }, 'reminders not told: none run, or they look again by themselves'),
    );
    const classeOf = classes(process.call);
    const days = openDays(process.call);
    const sources = {
      payments: process.call('payments', PaymentServiceService),
      factures: process.call('factures', InvoiceServiceService),
      users: process.call('users', UtilisateurServiceService),
      contrats: process.call('contrats', ContratServiceService),
      mandats: process.call('payments', MandateServiceService),
      clients: process.call('clients', ClientBaseServiceService),
    };
    const migration = { db, classeOf, openDays: days };
    const told = commands(migration, sources, orderRetries(db, temporal, sources.factures));
    return [
      implement(ChronologieServiceService, { list: chronologie(retryLines(db)) }),
      implement(RetryAdminServiceService, {
        ...policies(db, classeOf, sources.users),
        ...schedules(db),
        ...told,
        ...manyCommands({ db, log }, told, commands(migration, sources, lookAtRetries(db)), sources),
        ...auditLogs(db),
        createSchedule: telling(
          recordRejection({
            ...{ db, classeOf, openDays: days, now: () => new Date() },
            politiqueOf: (organisationId) => politiqueInForce(db, organisationId),
          }),
        ),
        recordProgress: telling(recordProgress(db)),
        recordCommand: telling(recordCommand(migration)),
        previewMigration: previewMigration(migration, sources),
        planCollecte: planCollecte(db, days),
        previewRetry: previewRetry(db, classeOf, days),
        simulate: simulateRetries(migration, sources),
        getMetrics: getMetrics(db),
      }),
    ];
  },
  temporalSpec,
);

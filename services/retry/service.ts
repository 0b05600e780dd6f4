import { implement, service } from '@crm/kit';
import { connectTemporal, temporalSpec } from '@crm/kit/temporal';
import { MandateServiceService } from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { auditLogs } from './audit-logs.ts';
import { commands } from './commands.ts';
import { recordRejection } from './record-rejection.ts';
import { classes } from './eligibilite.ts';
import { getMetrics } from './get-metrics.ts';
import { openDays } from './open-days.ts';
import { planCollecte } from './plan-collecte.ts';
import { policies } from './policies.ts';
import { politiqueInForce } from './politique.ts';
import { previewMigration } from './preview-migration.ts';
import { previewRetry } from './preview-retry.ts';
import { recordCommand } from './record-command.ts';
import { recordProgress } from './record-progress.ts';
import { schedules } from './schedules.ts';

export default service(
  'retry',
  (process) => {
    const { db } = process;
    const classeOf = classes(process.call);
    const days = openDays(process.call);
    const migration = { db, classeOf, openDays: days };
    return [
      implement(RetryAdminServiceService, {
        ...policies(db, classeOf),
        ...schedules(db),
        ...commands(migration, process.call('payments', MandateServiceService), connectTemporal(process)),
        ...auditLogs(db),
        createSchedule: recordRejection({
          ...{ db, classeOf, openDays: days, now: () => new Date() },
          politiqueOf: (organisationId) => politiqueInForce(db, organisationId),
        }),
        recordProgress: recordProgress(db),
        recordCommand: recordCommand(migration),
        previewMigration: previewMigration(migration),
        planCollecte: planCollecte(db, days),
        previewRetry: previewRetry(db, classeOf, days),
        getMetrics: getMetrics(db),
      }),
    ];
  },
  temporalSpec,
);

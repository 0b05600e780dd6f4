import type { Db } from '@crm/db';
import { entity, type Methods } from '@crm/kit';
import { AuditLog, type RetryAdminServiceService } from '@crm/proto/retry/retry';

/** Lists the actions on schedules. */
export const auditLogs = (db: Db): Pick<Methods<typeof RetryAdminServiceService>, 'listAuditLogs'> => ({
  listAuditLogs: entity(db, { model: 'retryAudit', plural: 'logs', message: AuditLog }).list,
});

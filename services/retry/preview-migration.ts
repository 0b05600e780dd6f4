import { isDeepStrictEqual } from 'node:util';
import { entity, RpcError, type Methods } from '@crm/kit';
import {
  RetryMigration,
  StatutTentative,
  type RetryAdminServiceService,
  type TentativePrevue,
} from '@crm/proto/retry/retry';
import { migratedSchedule, type MigrationDeps } from './migrate-schedule.ts';
import { readPolitique } from './politique.ts';
import { LIVE, scheduleRow, type ScheduleRow } from './schedules.ts';

/** What moving running retries to another policy would change, a page at a time. */
export function previewMigration(
  deps: MigrationDeps,
): Methods<typeof RetryAdminServiceService>['previewMigration'] {
  const { db } = deps;
  const rowOf = (row: object): ScheduleRow => row as ScheduleRow;
  const schedules = entity(db, { model: 'retrySchedule', plural: 'rows', message: { fromPartial: rowOf } });
  const live = async (id: string): Promise<ScheduleRow[]> => {
    const row = await scheduleRow(db, id);
    return LIVE.includes(row.statut) ? [row] : [];
  };
  const planned = async (scheduleId: string): Promise<TentativePrevue[]> => {
    const where = { scheduleId, statut: StatutTentative.PREVUE };
    const rows = await db.retryAttempt.findMany({ where, orderBy: { numero: 'asc' } });
    return rows.map(({ numero, datePrevue }) => ({ numero, datePrevue }));
  };
  return async ({ id, policyId, ...page }) => {
    const { rows, nextPageToken } = id
      ? { rows: await live(id), nextPageToken: '' }
      : await schedules.listWhere(page, { statut: { in: LIVE } });
    const now = new Date();
    const migrations: RetryMigration[] = [];
    for (const row of rows) {
      const { id: scheduleId, paymentId, organisationId } = row;
      const avant = await planned(scheduleId);
      const before = { scheduleId, paymentId, organisationId, avant };
      try {
        const { politique, tentatives: apres } = await migratedSchedule(deps, row, policyId, now);
        const changee = !isDeepStrictEqual([readPolitique(row.politique), avant], [politique, apres]);
        migrations.push(RetryMigration.fromPartial({ ...before, apres, changee }));
      } catch (error) {
        // of a page of many, one cannot be moved
        if (!(error instanceof RpcError) || id) throw error;
        migrations.push(RetryMigration.fromPartial({ ...before, obstacle: error.message }));
      }
    }
    return { migrations, nextPageToken };
  };
}

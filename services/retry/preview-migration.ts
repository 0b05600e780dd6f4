import { isDeepStrictEqual } from 'node:util';
import { entity, remembered, RpcError, type Methods } from '@crm/kit';
import { RetryMigration, StatutTentative, type RetryAdminServiceService } from '@crm/proto/retry/retry';
import { migratedSchedule, type MigrationDeps } from './migrate-schedule.ts';
import { readPolitique, targetPolitique } from './politique.ts';
import { LIVE, scheduleRow, withAttempts, type ScheduleRow } from './schedules.ts';

/** What moving running retries to another policy would change, a page at a time, of which everything is read at once. */
export function previewMigration({
  db,
  classeOf,
  openDays,
}: MigrationDeps): Methods<typeof RetryAdminServiceService>['previewMigration'] {
  const rowOf = (row: object): ScheduleRow => row as ScheduleRow;
  const schedules = entity(db, { model: 'retrySchedule', plural: 'rows', message: { fromPartial: rowOf } });
  const live = async (id: string): Promise<ScheduleRow[]> => {
    const row = await scheduleRow(db, id);
    return LIVE.includes(row.statut) ? [row] : [];
  };
  return async ({ id, policyId, ...page }) => {
    const { rows, nextPageToken } = id
      ? { rows: await live(id), nextPageToken: '' }
      : await schedules.listWhere(page, { statut: { in: LIVE } });
    const now = new Date();
    const politiqueOf = remembered((whose: string) => targetPolitique(db, whose, policyId));
    const asked = { classeOf: remembered(classeOf), openDays: remembered(openDays) };
    const attempts = (await withAttempts(db, rows)).map(({ tentatives }) => tentatives);
    const migrations: RetryMigration[] = [];
    for (const [index, row] of rows.entries()) {
      const { id: scheduleId, paymentId, organisationId } = row;
      const planned = attempts[index]!.filter(({ statut }) => statut === StatutTentative.PREVUE);
      const avant = planned.map(({ numero, datePrevue }) => ({ numero, datePrevue }));
      const before = { scheduleId, paymentId, organisationId, avant };
      try {
        const politique = await politiqueOf(organisationId);
        const { tentatives: apres } = await migratedSchedule(asked, row, attempts[index]!, politique, now);
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

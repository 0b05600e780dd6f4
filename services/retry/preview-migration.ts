import { isDeepStrictEqual } from 'node:util';
import { clientName, previewMoves } from '@crm/domain';
import { entity, knownOf, remembered, type Methods } from '@crm/kit';
import { RetryMigration, StatutTentative, type RetryAdminServiceService } from '@crm/proto/retry/retry';
import type { ManySources } from './many-commands.ts';
import { migratedSchedule, type MigrationDeps } from './migrate-schedule.ts';
import { readPolitique, targetPolitique } from './politique.ts';
import { LIVE, scheduleRow, withAttempts, type ScheduleRow } from './schedules.ts';

/**
 * Lists what would change if running retries moved to another policy, one page at a time; everything for a
 * page is read at once.
 */
export function previewMigration(
  { db, classeOf, openDays }: MigrationDeps,
  { factures, clients }: ManySources,
): Methods<typeof RetryAdminServiceService>['previewMigration'] {
  const rowOf = (row: object): ScheduleRow => row as ScheduleRow;
  const entities = entity(db, { model: 'retrySchedule', plural: 'rows', message: { fromPartial: rowOf } });
  const live = async (id: string): Promise<ScheduleRow[]> => {
    const row = await scheduleRow(db, id);
    return LIVE.includes(row.statut) ? [row] : [];
  };
  return async ({ id, policyId, ...page }) => {
    const { rows, nextPageToken } = id
      ? { rows: await live(id), nextPageToken: '' }
      : await entities.listWhere(page, { statut: { in: LIVE } });
    const now = new Date();
    const politiqueOf = remembered((whose: string) => targetPolitique(db, whose, policyId));
    const asked = { classeOf: remembered(classeOf), openDays: remembered(openDays) };
    const schedules = await withAttempts(db, rows);
    const [invoices, known] = await Promise.all([
      knownOf(
        rows.map(({ invoiceId }) => invoiceId),
        (page) => factures.list(page),
        (page) => page.invoices,
      ),
      knownOf(
        rows.map(({ clientId }) => clientId),
        (page) => clients.list(page),
        (page) => page.clients,
      ),
    ]);
    const attemptsOf = new Map(schedules.map(({ id, tentatives }) => [id, tentatives]));
    const previews = await previewMoves(
      rows,
      Boolean(id),
      async ({ id: scheduleId, paymentId, organisationId, version, montant, clientId, invoiceId }) => {
        const planned = attemptsOf.get(scheduleId)!.filter(({ statut }) => statut === StatutTentative.PREVUE);
        const avant = planned.map(({ numero, datePrevue }) => ({ numero, datePrevue }));
        const client = known.get(clientId);
        const names = {
          client: client ? clientName(client) : '',
          numeroFacture: invoices.get(invoiceId)?.numero ?? '',
        };
        return { scheduleId, paymentId, organisationId, version, montant, ...names, avant };
      },
      async (row, { avant }) => {
        const politique = await politiqueOf(row.organisationId);
        const moved = await migratedSchedule(asked, row, attemptsOf.get(row.id)!, politique, now);
        const apres = moved.tentatives;
        const changee = !isDeepStrictEqual([readPolitique(row.politique), avant], [politique, apres]);
        return { apres, changee };
      },
    );
    const { organisationId } = page;
    const where = { ...(organisationId && { organisationId }), statut: { in: LIVE } };
    const total = id ? rows.length : await db.retrySchedule.count({ where });
    return { migrations: previews.map((one) => RetryMigration.fromPartial(one)), nextPageToken, total };
  };
}

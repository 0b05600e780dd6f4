import type { Db } from '@crm/db';
import { clientName, dueSince, todayInParis } from '@crm/domain';
import { knownOf, type Connected, type Logger, type Methods } from '@crm/kit';
import { selectMany, tellMany, type ManyOf, type Named } from '@crm/kit/temporal';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  StatutRetry,
  StatutTentative,
  type FiltreSchedules,
  type RetryAdminServiceService,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { assertComing, type Commands } from './commands.ts';
import { LIVE, withAttempts, type ScheduleRow } from './schedules.ts';

/** The services that know the names of invoices and clients, asked with the caller's own token. */
export type ManySources = {
  factures: Pick<Connected<typeof InvoiceServiceService>, 'list'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'list'>;
};

/**
 * The commands of business users for the retries of many payments.
 * @param tell the commands for one
 * @param look the same without their effect
 */
export function manyCommands(
  { db, log }: { db: Db; log: Logger },
  tell: Commands,
  look: Commands,
  { factures, clients }: ManySources,
): Pick<
  Methods<typeof RetryAdminServiceService>,
  'cancelMany' | 'runNowMany' | 'replanMany' | 'selectMany' | 'migrateMany'
> {
  const named = async (rows: ScheduleRow[]): Promise<Named[]> => {
    const [schedules, invoices, known] = await Promise.all([
      withAttempts(db, rows),
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
    return schedules.map((one) => {
      const { id, organisationId, clientId, invoiceId, paymentId, montant } = one;
      const client = known.get(clientId);
      const invoice = invoices.get(invoiceId);
      return {
        ...{ id, organisationId, clientId, invoiceId, paymentId, montant },
        client: client ? clientName(client) : '',
        numeroFacture: invoice?.numero ?? '',
        gestionnaireId: client?.gestionnaireId ?? '',
        ...dueSince(invoice?.dateEcheance ?? ''),
        ...stateOf(one),
      };
    });
  };
  const of: ManyOf<FiltreSchedules, RetrySchedule> = {
    db,
    log,
    stateOf,
    idsOf: ({ id, paymentId }) => [id, paymentId],
    find: async (ids) =>
      named(
        await db.retrySchedule.findMany({ where: { OR: [{ id: { in: ids } }, { paymentId: { in: ids } }] } }),
      ),
    count: (filter) => db.retrySchedule.count({ where: whereOf(filter) }),
    read: async (filter, after, take) =>
      named(
        await db.retrySchedule.findMany({
          where: { AND: [whereOf(filter), after ? { id: { lt: after } } : {}] },
          orderBy: { id: 'desc' },
          take,
        }),
      ),
  };
  const many = tellMany(of);
  const replanMany = many(tell.replanSchedule, look.replanSchedule);
  return {
    cancelMany: many(tell.cancelSchedule, look.cancelSchedule),
    runNowMany: many(tell.runNow, look.runNow),
    selectMany: selectMany(of),
    migrateMany: many(tell.migrateSchedule, look.migrateSchedule),
    replanMany: async (request, call) => {
      assertComing(request.datePrevue, todayInParis());
      return await replanMany(request, call);
    },
  };
}

/** The number is that of the attempt that is planned or with the bank. */
function stateOf({ statut, tentatives, prochaineAt, version }: RetrySchedule) {
  const open: string[] = [StatutTentative.PREVUE, StatutTentative.SOUMISE];
  const next = LIVE.includes(statut)
    ? tentatives.find((attempt) => open.includes(attempt.statut))
    : undefined;
  return { statut: String(statut), numero: next?.numero ?? 0, prochaineAt, version };
}

/** The rows of a filter: by default those that run. */
const whereOf = ({ organisationId, clientId, statut, motifRejet, prochaineAvant }: FiltreSchedules) => ({
  ...(organisationId && { organisationId }),
  ...(clientId && { clientId }),
  ...(motifRejet && { motifRejet: motifRejet.toUpperCase() }),
  ...(prochaineAvant && { prochaineAt: { lt: prochaineAvant } }),
  statut: statut === StatutRetry.UNSPECIFIED ? { in: LIVE } : statut,
});

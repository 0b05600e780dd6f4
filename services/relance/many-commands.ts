import type { Db } from '@crm/db';
import { clientName, dueSince } from '@crm/domain';
import { knownOf, type Connected, type Logger, type Methods } from '@crm/kit';
import { selectMany, tellMany, type ManyOf, type Named } from '@crm/kit/temporal';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import {
  StatutRelance,
  type FiltreRelances,
  type Relance,
  type RelanceServiceService,
} from '@crm/proto/relance/relance';
import { RUNNING } from './apply-action.ts';
import { assertLater, type Commands } from './commands.ts';
import { readInvoices, type InvoiceSource } from './read-invoices.ts';
import { relanceEntity, shownAs } from './relance-rows.ts';

/** The services that know the names of invoices and clients, asked with the caller's own token. */
export type ManySources = {
  factures: InvoiceSource;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'list'>;
};

/**
 * The commands of business users for the reminders of many invoices.
 * @param tell the commands for one
 * @param look the same without their effect
 */
export function manyCommands(
  { db, log }: { db: Db; log: Logger },
  tell: Commands,
  look: Commands,
  { factures, clients }: ManySources,
): Pick<
  Methods<typeof RelanceServiceService>,
  'pauseMany' | 'resumeMany' | 'sendNowMany' | 'skipMany' | 'cancelMany' | 'selectMany' | 'migrerMany'
> {
  const { toMessage } = relanceEntity(db);
  const stateOf = ({ statut, prochainNiveau: numero, prochaineAt, version }: Relance) => ({
    ...{ statut: String(statut), numero, prochaineAt, version },
  });
  const named = async (rows: Parameters<typeof toMessage>[0][], signal: AbortSignal): Promise<Named[]> => {
    const reminders = rows.map(toMessage);
    const [invoices, known] = await Promise.all([
      readInvoices(
        factures,
        reminders.map(({ invoiceId }) => invoiceId),
        signal,
      ),
      knownOf(
        reminders.map(({ clientId }) => clientId),
        (page) => clients.list(page),
        (page) => page.clients,
      ),
    ]);
    return reminders.map((one) => {
      const { id, organisationId, clientId, invoiceId } = one;
      const invoice = invoices.get(invoiceId);
      const client = known.get(clientId);
      return {
        ...{ id, organisationId, clientId, invoiceId, paymentId: '' },
        client: client ? clientName(client) : '',
        numeroFacture: invoice?.numero ?? '',
        montant: invoice?.restantDu ?? 0n,
        gestionnaireId: client?.gestionnaireId ?? '',
        ...dueSince(invoice?.dateEcheance ?? ''),
        ...stateOf(one),
      };
    });
  };
  const of: ManyOf<FiltreRelances, Relance> = {
    db,
    log,
    stateOf,
    idsOf: ({ id, invoiceId }) => [id, invoiceId],
    find: async (ids, signal) =>
      named(
        await db.relance.findMany({ where: { OR: [{ id: { in: ids } }, { invoiceId: { in: ids } }] } }),
        signal,
      ),
    count: (filter) => db.relance.count({ where: whereOf(filter) }),
    read: async (filter, after, take, signal) =>
      named(
        await db.relance.findMany({
          where: { AND: [whereOf(filter), after ? { id: { lt: after } } : {}] },
          orderBy: { id: 'desc' },
          take,
        }),
        signal,
      ),
  };
  const many = tellMany(of);
  const pauseMany = many(tell.pause, look.pause);
  return {
    pauseMany: async (request, call) => {
      assertLater(request.jusquAu);
      return await pauseMany(request, call);
    },
    resumeMany: many(tell.resume, look.resume),
    sendNowMany: many(tell.sendNow, look.sendNow),
    skipMany: many(tell.skip, look.skip),
    cancelMany: many(tell.cancel, look.cancel),
    selectMany: selectMany(of),
    migrerMany: many(tell.migrer, look.migrer),
  };
}

/** The rows of a filter: by default those that run. */
function whereOf({ organisationId, clientId, statut, prochainNiveau, prochaineAvant }: FiltreRelances) {
  return {
    ...(organisationId && { organisationId }),
    ...(clientId && { clientId }),
    ...(prochainNiveau && { prochainNiveau }),
    ...(prochaineAvant && { prochaineAt: { lt: prochaineAvant } }),
    ...(statut === StatutRelance.UNSPECIFIED ? { statut: { in: RUNNING } } : shownAs(statut)),
  };
}

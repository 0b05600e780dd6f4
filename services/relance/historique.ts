import type { Db } from '@crm/db';
import { entity, notFound, orUndefined, type Connected, type Methods } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';
import type { InvoiceServiceService } from '@crm/proto/factures/factures';
import { HistoriqueRelance, type HistoriqueRelanceServiceService } from '@crm/proto/relance/relance';
import { SUIVI } from './record-progress.ts';

/** The services that know the ids that a history is asked by. */
type Sources = {
  factures: Pick<Connected<typeof InvoiceServiceService>, 'get'>;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
};

/**
 * The history of reminders. An id of nothing, or of something else, is NOT_FOUND: an empty history would say that nothing
 * was done. An invoice or a client without reminders has an empty one.
 */
export function historique(
  db: Db,
  { factures, clients }: Sources,
): Methods<typeof HistoriqueRelanceServiceService> {
  const { listWhere } = entity(db, {
    model: 'historiqueRelance',
    plural: 'historique',
    message: HistoriqueRelance,
  });
  const isWith = async (where: { id?: string; invoiceId?: string; clientId?: string }) =>
    (await db.relance.findFirst({ where, select: { id: true } })) !== null;
  return {
    async list({ depuis, decisionsSeulement, ...request }) {
      const { relanceId, invoiceId, clientId } = request;
      if (relanceId && !(await isWith({ id: relanceId }))) throw notFound('relance', relanceId);
      if (
        invoiceId &&
        !(await isWith({ invoiceId })) &&
        !(await orUndefined(factures.get({ id: invoiceId })))
      )
        throw notFound('invoice', invoiceId);
      if (clientId && !(await isWith({ clientId })) && !(await orUndefined(clients.get({ id: clientId }))))
        throw notFound('client', clientId);
      return await listWhere(request, {
        ...(depuis && { createdAt: { gte: depuis } }),
        ...(decisionsSeulement && {
          NOT: [{ auteur: { startsWith: 'service:' } }, { auteur: SUIVI }],
        }),
      });
    },
  };
}

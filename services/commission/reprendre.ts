import { invalid, notFound, type Call } from '@crm/kit';
import { StatutCommission, type Commission, type ReprendreRequest } from '@crm/proto/commission/commission';
import { commissionEntity, type Deps } from './commission-entity.ts';

/**
 * Claws back a commission, named by its id or its payment's. A repeat returns it with its first reason.
 * @throws RpcError INVALID_ARGUMENT unless exactly one of the two is given, NOT_FOUND
 */
export function reprendre({ db, log }: Deps) {
  const commission = commissionEntity(db);
  return ({ id, paymentId, motif }: ReprendreRequest, call: Call): Promise<Commission> => {
    if (!id && !paymentId) throw invalid('id', 'must be given, or paymentId');
    if (id && paymentId) throw invalid('paymentId', 'must be left out where id is given');
    const which = id ? { id } : { paymentId };
    return call.once(async (tx) => {
      const { count } = await tx.commission.updateMany({
        where: { ...which, statut: StatutCommission.DUE },
        data: { statut: StatutCommission.REPRISE, motifReprise: motif, repriseAt: new Date() },
      });
      const row = await tx.commission.findFirst({ where: which });
      if (!row) throw notFound('commission', id || paymentId);
      if (count > 0) log.info({ commissionId: row.id, by: call.caller.sub }, 'commission clawed back');
      return commission.toMessage(row);
    }, commission.repeat);
  };
}

import type { Methods } from '@crm/kit';
import { StatutCommission, type CommissionServiceService } from '@crm/proto/commission/commission';
import { calculerCommission } from './calculer-commission.ts';
import { commissionEntity, type Deps } from './commission-entity.ts';
import { reprendre } from './reprendre.ts';

/** The commissions of apporteurs. */
export function commissions(deps: Deps): Methods<typeof CommissionServiceService> {
  const { db } = deps;
  const commission = commissionEntity(db);
  const total = async (apporteurId: string, statut: StatutCommission): Promise<bigint> => {
    const { _sum } = await db.commission.aggregate({
      _sum: { montant: true },
      where: { apporteurId, statut },
    });
    return _sum.montant ?? 0n;
  };
  return {
    calculerCommission: calculerCommission(deps),
    getCommission: commission.get,
    getCommissions: commission.list,
    async getCommissionsByApporteur(request) {
      const [page, totalDu, totalRepris] = await Promise.all([
        commission.list(request),
        total(request.apporteurId, StatutCommission.DUE),
        total(request.apporteurId, StatutCommission.REPRISE),
      ]);
      return { ...page, totalDu, totalRepris };
    },
    reprendre: reprendre(deps),
  };
}

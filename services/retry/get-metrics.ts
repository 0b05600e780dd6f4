import { addDays, instantInParis } from '@crm/domain';
import type { Db } from '@crm/db';
import { invalid, type Methods } from '@crm/kit';
import { StatutRetry, type RetryAdminServiceService } from '@crm/proto/retry/retry';

const { PLANIFIE, EN_COURS, ENCAISSE, EPUISE, ARRETE } = StatutRetry;

/** Statistics of the rejections of a period, by their Paris date. */
export function getMetrics(db: Db): Methods<typeof RetryAdminServiceService>['getMetrics'] {
  return async ({ organisationId, du, au }) => {
    if (du && au && du > au) throw invalid('au', 'must not be before du');
    const dateRejet = {
      ...(du && { gte: instantInParis(du, '00:00') }),
      ...(au && { lt: instantInParis(addDays(au, 1), '00:00') }),
    };
    const groups = await db.retrySchedule.groupBy({
      by: ['statut'],
      where: { dateRejet, ...(organisationId && { organisationId }) },
      _count: { _all: true },
      _sum: { montant: true },
    });
    const count = (...statuts: string[]) =>
      groups.reduce((sum, group) => sum + (statuts.includes(group.statut) ? group._count._all : 0), 0);
    const amount = (...statuts: string[]) =>
      groups.reduce(
        (sum, group) => sum + (statuts.includes(group.statut) ? (group._sum.montant ?? 0n) : 0n),
        0n,
      );
    const ended = count(ENCAISSE, EPUISE, ARRETE);
    return {
      schedules: BigInt(count(PLANIFIE, EN_COURS) + ended),
      enCours: BigInt(count(PLANIFIE, EN_COURS)),
      encaisses: BigInt(count(ENCAISSE)),
      epuises: BigInt(count(EPUISE)),
      arretes: BigInt(count(ARRETE)),
      montantRejete: amount(PLANIFIE, EN_COURS, ENCAISSE, EPUISE, ARRETE),
      montantRecupere: amount(ENCAISSE),
      tauxRecuperationPointsBase: ended ? Math.round((count(ENCAISSE) * 10_000) / ended) : 0,
    };
  };
}

import type { Db } from '@crm/db';
import { invalid } from '@crm/kit';
import type { GetKpisRequest, Kpis } from '@crm/proto/dashboard/dashboard';

/** The figures of a period, of one organisation or of all. */
export const getKpis =
  (db: Db) =>
  async ({ organisationId, du, au }: GetKpisRequest): Promise<Kpis> => {
    if (du && au && du > au) throw invalid('au', 'must not be before du');
    const { _sum } = await db.nouveauxClients.aggregate({
      _sum: { nombre: true },
      where: {
        ...(organisationId && { organisationId }),
        jour: { ...(du && { gte: new Date(du) }), ...(au && { lte: new Date(au) }) },
      },
    });
    return { organisationId, du, au, nouveauxClients: _sum.nombre ?? 0n };
  };

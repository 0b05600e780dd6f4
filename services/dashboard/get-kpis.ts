import type { Db } from '@crm/db';
import { invalid } from '@crm/kit';
import type { GetKpisRequest, Kpis } from '@crm/proto/dashboard/dashboard';

/** The figures of a period, for one organisation or all. */
export const getKpis =
  (db: Db) =>
  async ({ organisationId, du, au }: GetKpisRequest): Promise<Kpis> => {
    if (du && au && du > au) throw invalid('au', 'must not be before du');
    const where = {
      ...(organisationId && { organisationId }),
      jour: { ...(du && { gte: new Date(du) }), ...(au && { lte: new Date(au) }) },
    };
    const [clients, factures, encaissements] = await Promise.all([
      db.nouveauxClients.aggregate({ where, _sum: { nombre: true } }),
      db.factureComptee.aggregate({ where, _sum: { montant: true }, _count: true }),
      db.encaissement.aggregate({ where, _sum: { montant: true } }),
    ]);
    return {
      organisationId,
      du,
      au,
      nouveauxClients: clients._sum.nombre ?? 0n,
      chiffreAffaires: factures._sum.montant ?? 0n,
      nombreFactures: BigInt(factures._count),
      encaissements: encaissements._sum.montant ?? 0n,
    };
  };

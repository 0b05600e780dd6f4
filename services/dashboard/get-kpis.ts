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
        jour: { ...(du && { gte: day('du', du) }), ...(au && { lte: day('au', au) }) },
      },
    });
    return { organisationId, du, au, nouveauxClients: _sum.nombre ?? 0n };
  };

/** The 30th of February has the form of a date, but is none. */
function day(field: string, text: string): Date {
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || !date.toISOString().startsWith(text))
    throw invalid(field, 'is no such day');
  return date;
}

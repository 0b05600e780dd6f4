import { sql, type Db } from '@crm/db';
import type { Dso, PeriodeChiffres } from '@crm/proto/dashboard/chiffres';
import { countBack } from './count-back.ts';
import { owedOn } from './owed-on.ts';
import { period } from './period.ts';

/** How many months are counted back. */
const HISTORY = 36;

/** The DSO at the end of each month of the period, and on its last day. */
export async function getDso(db: Db, request: PeriodeChiffres): Promise<Dso> {
  const { du, au } = period(request);
  const { organisationId } = request;
  const rows = await db.$queryRaw<
    { mois: string; au: string; jours: number; facture: bigint; encours: bigint | null }[]
  >`
    WITH mois AS (
      SELECT debut::date AS debut, least((debut + interval '1 month')::date - 1, ${au}::date) AS fin,
        debut >= date_trunc('month', ${du}::date::timestamp) AS demande
      FROM generate_series(date_trunc('month', ${du}::date::timestamp) - make_interval(months => ${HISTORY}),
        date_trunc('month', ${au}::date::timestamp), interval '1 month') AS debut
    ), montants AS (
      SELECT c.organisation_id, c.date_facture AS jour, c.montant FROM dashboard.creances c
      UNION ALL
      SELECT m.organisation_id, m.jour, -m.montant FROM dashboard.mouvements m WHERE m.genre = 'AVOIR'
    ), factures AS (
      SELECT date_trunc('month', jour::timestamp)::date AS debut, sum(montant)::bigint AS facture FROM montants
      WHERE jour <= ${au}::date AND (${organisationId} = '' OR organisation_id = ${organisationId}) GROUP BY 1
    )
    SELECT to_char(debut, 'YYYY-MM') AS mois, fin::text AS au, fin - debut + 1 AS jours,
      coalesce(facture, 0)::bigint AS facture,
      CASE WHEN demande THEN (
        SELECT coalesce(sum(c.reste), 0)::bigint FROM ${owedOn(sql`fin`)} c
        WHERE ${organisationId} = '' OR c.organisation_id = ${organisationId}) END AS encours
    FROM mois LEFT JOIN factures USING (debut) ORDER BY debut DESC`;
  const months = rows.map(({ jours, facture }) => ({ days: jours, invoiced: facture }));
  const points = rows.flatMap(({ encours, ...row }, index) => {
    if (encours === null) return [];
    const before = months.slice(index, index + HISTORY + 1);
    return [{ ...row, encours, dixiemesDeJour: countBack(encours, before) }];
  });
  return { points: points.reverse().map(({ jours: _, ...point }) => point) };
}

import type { Db } from '@crm/db';
import type { Activite, PeriodeChiffres, PointActivite } from '@crm/proto/dashboard/chiffres';
import { period } from './period.ts';

/** What was invoiced and received, by month, including months with nothing. */
export async function getActivite(db: Db, request: PeriodeChiffres): Promise<Activite> {
  const { du, au } = period(request);
  const { organisationId } = request;
  const points = await db.$queryRaw<PointActivite[]>`
    WITH faits AS (
      SELECT organisation_id, date_facture AS jour, montant AS facture, 0 AS avoirs, 0 AS encaisse, 0 AS retours,
        0 AS hors_suivi FROM dashboard.creances
      UNION ALL
      SELECT organisation_id, jour, 0, CASE genre WHEN 'AVOIR' THEN montant ELSE 0 END,
        CASE genre WHEN 'ENCAISSEMENT' THEN montant ELSE 0 END, CASE genre WHEN 'RETOUR' THEN -montant ELSE 0 END, 0
      FROM dashboard.mouvements
      UNION ALL
      SELECT c.organisation_id, c.payee_le, 0, 0, 0, 0, greatest(0, c.montant - c.regle_avant - coalesce((
        SELECT sum(m.montant) FROM dashboard.mouvements m
        WHERE m.invoice_id = c.invoice_id AND m.jour <= c.payee_le), 0))
      FROM dashboard.creances c WHERE c.payee_le BETWEEN ${du}::date AND ${au}::date
    )
    SELECT to_char(debut, 'YYYY-MM') AS mois, coalesce(sum(facture), 0)::bigint AS facture,
      coalesce(sum(avoirs), 0)::bigint AS avoirs, coalesce(sum(encaisse), 0)::bigint AS encaisse,
      coalesce(sum(retours), 0)::bigint AS retours, coalesce(sum(hors_suivi), 0)::bigint AS "horsSuivi"
    FROM generate_series(date_trunc('month', ${du}::date::timestamp), ${au}::date::timestamp, interval '1 month') AS debut
    LEFT JOIN faits ON date_trunc('month', jour::timestamp) = debut AND jour BETWEEN ${du}::date AND ${au}::date
      AND (${organisationId} = '' OR organisation_id = ${organisationId})
    GROUP BY debut ORDER BY debut`;
  return { points };
}

import type { Db } from '@crm/db';
import type { PeriodeChiffres, Rejets, RejetsParMotif } from '@crm/proto/dashboard/chiffres';
import { period } from './period.ts';

/** Rejections and returns of the period by reason. */
export async function getRejets(db: Db, request: PeriodeChiffres): Promise<Rejets> {
  const { du, au } = period(request);
  const { organisationId } = request;
  const motifs = await db.$queryRaw<RejetsParMotif[]>`
    SELECT motif AS "motifRejet", count(*) FILTER (WHERE genre = 'REJET') AS rejets,
      coalesce(sum(nominal) FILTER (WHERE genre = 'REJET'), 0)::bigint AS "montantRejets",
      count(*) FILTER (WHERE genre = 'RETOUR') AS retours,
      coalesce(sum(nominal) FILTER (WHERE genre = 'RETOUR'), 0)::bigint AS "montantRetours"
    FROM dashboard.mouvements
    WHERE genre IN ('REJET', 'RETOUR') AND jour BETWEEN ${du}::date AND ${au}::date
      AND (${organisationId} = '' OR organisation_id = ${organisationId})
    GROUP BY motif ORDER BY sum(nominal) DESC, motif`;
  return { motifs };
}

import { sql, type Db } from '@crm/db';
import type {
  PeriodeChiffres,
  Rendements,
  RendementNiveau,
  RendementTentative,
} from '@crm/proto/dashboard/chiffres';
import { period } from './period.ts';

/** The columns of optional numbers: NULL of SQL is undefined on the wire. */
type Nullable<T> = Omit<T, 'delaiMedian'> & { delaiMedian: number | null };

/**
 * Reminders with the day of the next one and of the settlement of their invoice. Columns: niveau, jour,
 * suivante, soldee_le, montant.
 */
export const remindersAndWhatCame = (organisationId: string) => sql`(
  SELECT r.niveau, r.jour, lead(r.jour) OVER (PARTITION BY r.invoice_id ORDER BY r.jour, r.id) AS suivante, c.soldee_le,
    c.montant
  FROM dashboard.relances_envoyees r JOIN dashboard.creances c USING (invoice_id)
  WHERE ${organisationId} = '' OR r.organisation_id = ${organisationId})`;

/** What reminders of the period, and attempts that ended in it, have yielded. */
export async function getRendements(db: Db, request: PeriodeChiffres): Promise<Rendements> {
  const { du, au } = period(request);
  const { organisationId } = request;
  const [niveaux, tentatives] = await Promise.all([
    db.$queryRaw<Nullable<RendementNiveau>[]>`
      SELECT niveau, count(*) AS envois, count(*) FILTER (WHERE suivie) AS "suivisDePaiement",
        coalesce(sum(montant) FILTER (WHERE suivie), 0)::bigint AS montant,
        round(percentile_cont(0.5) WITHIN GROUP (ORDER BY soldee_le - jour) FILTER (WHERE suivie))::int AS "delaiMedian"
      FROM (SELECT *, soldee_le >= jour AND (suivante IS NULL OR soldee_le < suivante) AS suivie
        FROM ${remindersAndWhatCame(organisationId)} r) r
      WHERE jour BETWEEN ${du}::date AND ${au}::date
      GROUP BY niveau ORDER BY niveau`,
    db.$queryRaw<Nullable<RendementTentative>[]>`
      SELECT tentative, count(*) FILTER (WHERE encaissee) AS encaissees,
        coalesce(sum(nominal) FILTER (WHERE encaissee), 0)::bigint AS "montantEncaisse",
        count(*) FILTER (WHERE NOT encaissee) AS rejetees,
        coalesce(sum(nominal) FILTER (WHERE NOT encaissee), 0)::bigint AS "montantRejete",
        CASE WHEN tentative > 1 THEN round(percentile_cont(0.5) WITHIN GROUP (ORDER BY jour - premier_rejet)
          FILTER (WHERE encaissee))::int END AS "delaiMedian"
      FROM (
        SELECT DISTINCT ON (payment_id, tentative) m.tentative, m.nominal, m.jour,
          m.genre = 'ENCAISSEMENT' AS encaissee,
          min(m.jour) FILTER (WHERE m.genre <> 'ENCAISSEMENT') OVER (PARTITION BY payment_id) AS premier_rejet
        FROM dashboard.mouvements m WHERE payment_id <> ''
          AND (${organisationId} = '' OR m.organisation_id = ${organisationId})
        ORDER BY payment_id, tentative, split_part(m.id, '/', 2)::int DESC
      ) fins
      WHERE jour BETWEEN ${du}::date AND ${au}::date
      GROUP BY tentative ORDER BY tentative`,
  ]);
  return { niveaux: niveaux.map(known), tentatives: tentatives.map(known) };
}

const known = <T extends { delaiMedian: number | null }>({ delaiMedian, ...row }: T) => ({
  ...row,
  delaiMedian: delaiMedian ?? undefined,
});

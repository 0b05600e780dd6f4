import type { Db } from '@crm/db';
import { inParis } from '@crm/domain';
import { invalid } from '@crm/kit';
import {
  Granularite,
  type EvolutionCa,
  type GetEvolutionCaRequest,
  type PointEvolution,
} from '@crm/proto/dashboard/dashboard';
import { Temporal } from 'temporal-polyfill';

/**
 * For each granularity: PostgreSQL's name of the step, the format of a period, and the most steps in an
 * answer.
 */
const STEPS = {
  [Granularite.JOUR]: { unit: 'day', format: 'YYYY-MM-DD', most: 731 },
  [Granularite.MOIS]: { unit: 'month', format: 'YYYY-MM', most: 120 },
} as const;

/** The figures of a period by day or month, including zeros; for one organisation or all. */
export const getEvolutionCa =
  (db: Db) =>
  async ({ organisationId, granularite, ...asked }: GetEvolutionCaRequest): Promise<EvolutionCa> => {
    const step = granularite === Granularite.JOUR ? Granularite.JOUR : Granularite.MOIS;
    const { unit, format, most } = STEPS[step];
    const last = asked.au ? Temporal.PlainDate.from(asked.au) : inParis(new Date()).toPlainDate();
    const first = asked.du
      ? Temporal.PlainDate.from(asked.du)
      : last.with({ day: 1 }).subtract({ months: 11 });
    if (Temporal.PlainDate.compare(first, last) > 0) throw invalid('au', 'must not be before du');
    if (stepsBetween(first, last, unit) > most) {
      throw invalid(
        'au',
        `a series has at most ${most} ${unit}s: ask for less of it${unit === 'day' ? ', or by MOIS' : ''}`,
      );
    }
    const [du, au] = [first.toString(), last.toString()];
    const points = await db.$queryRaw<PointEvolution[]>`
      WITH faits AS (
        SELECT organisation_id, jour, montant AS facture, 0 AS encaisse, 0 AS clients FROM dashboard.factures
        UNION ALL SELECT organisation_id, jour, 0, montant, 0 FROM dashboard.encaissements
        UNION ALL SELECT organisation_id, jour, 0, 0, nombre FROM dashboard.nouveaux_clients
      )
      SELECT to_char(debut, ${format}) AS periode,
             coalesce(sum(facture), 0)::bigint AS "chiffreAffaires",
             coalesce(sum(encaisse), 0)::bigint AS "encaissements",
             coalesce(sum(clients), 0)::bigint AS "nouveauxClients"
      FROM generate_series(date_trunc(${unit}, ${du}::timestamp), ${au}::timestamp, ${`1 ${unit}`}::interval) AS debut
      LEFT JOIN faits ON date_trunc(${unit}, jour::timestamp) = debut
        AND jour BETWEEN ${du}::date AND ${au}::date
        AND (${organisationId} = '' OR organisation_id = ${organisationId})
      GROUP BY debut ORDER BY debut`;
    return { organisationId, du, au, granularite: step, points };
  };

/** The number of days or months between two dates, both included. */
const stepsBetween = (first: Temporal.PlainDate, last: Temporal.PlainDate, unit: 'day' | 'month'): number =>
  unit === 'day'
    ? first.until(last, { largestUnit: 'day' }).days + 1
    : first.with({ day: 1 }).until(last.with({ day: 1 }), { largestUnit: 'month' }).months + 1;

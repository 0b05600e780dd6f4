import { sql } from '@crm/db';
import { dateInParis, PARIS } from '@crm/domain';
import type { Call } from '@crm/kit';
import {
  JourAgenda,
  type AgendaParJourRequest,
  type AgendaParJourResponse,
  type GenreEcheance,
} from '@crm/proto/relance/agenda';
import { readScope, type AgendaNeeds } from './agenda.ts';
import { readFilters } from './filters.ts';
import { UNDATED } from './line.ts';
import { otherLines } from './other-lines.ts';
import { ordersOf } from './reminders-page.ts';

/** Today and six days. */
const DEFAULT_DAYS = 6;

type Count = Pick<JourAgenda, 'jour' | 'genre' | 'montant'> & {
  nombre: number;
  enRetard: number;
  retenues: number;
};

/**
 * Counts what comes by day and kind. Reminders are counted where they are stored; what else comes in these days is read.
 * @throws {RpcError} as `agenda.ts`
 */
export const agendaParJour = ({ db, sources, previsions }: AgendaNeeds) => {
  const others = otherLines(db, sources);
  return async (
    request: AgendaParJourRequest,
    { signal }: Pick<Call, 'signal'>,
  ): Promise<AgendaParJourResponse> => {
    const { whose, window } = readScope(request, DEFAULT_DAYS);
    const filters = await readFilters(request, sources);
    await previsions.bringUpToDate(whose, signal);
    const today = dateInParis(window.now);
    const { from = UNDATED, before = UNDATED } = ordersOf(window) ?? {};
    const { manager, genres, montantMin, retenuesSeulement, enRetardSeulement } = filters;
    const [reminders, { lines }] = await Promise.all([
      db.$queryRaw<(Omit<Count, 'genre'> & { genre: GenreEcheance })[]>`
        SELECT CASE WHEN at IS NULL THEN '' ELSE greatest((at AT TIME ZONE ${PARIS})::date::text, ${today}) END AS jour,
          genre, count(*)::int AS nombre, sum(montant)::bigint AS montant,
          (count(*) FILTER (WHERE at < ${window.now}))::int AS "enRetard",
          (count(*) FILTER (WHERE retenue))::int AS retenues
        FROM relance.previsions
        WHERE (ordre >= ${from} AND ordre < ${before} OR ordre >= ${UNDATED})
          ${whose.organisationId ? sql`AND organisation_id = ${whose.organisationId}` : sql``}
          ${whose.clientId ? sql`AND client_id = ${whose.clientId}` : sql``}
          ${manager ? sql`AND client_id = ANY(${[...manager.clients]}::text[])` : sql``}
          ${genres.length > 0 ? sql`AND genre = ANY(${genres as string[]}::text[])` : sql``}
          ${montantMin > 0n ? sql`AND montant >= ${montantMin}` : sql``}
          ${retenuesSeulement || enRetardSeulement ? sql`AND (${retenuesSeulement} AND retenue OR ${enRetardSeulement} AND at < ${window.now})` : sql``}
        GROUP BY 1, 2`,
      others(whose, window, filters, signal),
    ]);
    const counts = new Map<string, Count>();
    const add = (one: Count): void => {
      const key = `${one.jour || UNDATED} ${one.genre}`;
      const so = counts.get(key) ?? { ...one, nombre: 0, montant: 0n, enRetard: 0, retenues: 0 };
      so.nombre += one.nombre;
      so.montant += one.montant;
      so.enRetard += one.enRetard;
      so.retenues += one.retenues;
      counts.set(key, so);
    };
    for (const one of reminders) add({ ...one, montant: BigInt(one.montant) });
    for (const { datePrevue, genre, montant, enRetard, enPause, attente } of lines) {
      const day = datePrevue ? dateInParis(datePrevue) : '';
      const jour = day && day < today ? today : day;
      const retenues = Number(enPause || attente !== '');
      add({ ...{ jour, genre, montant }, nombre: 1, enRetard: Number(enRetard), retenues });
    }
    const inOrder = [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
    return { jours: inOrder.map(([, count]) => JourAgenda.fromPartial(count)) };
  };
};

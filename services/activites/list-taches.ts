import type { Db } from '@crm/db';
import { countThatFits, readPageToken, writePageToken, type Entity, type Methods } from '@crm/kit';
import { StatutTache, type Tache, type TacheServiceService } from '@crm/proto/activites/activites';

const DEFAULT_PAGE_SIZE = 50;
/** Stands in a page token for "no due date". */
const NONE = 'sans';

/** Lists tasks by who is to do them, when, for whom and what they are for; newest first or by their due date. */
export const listTaches =
  (
    db: Db,
    tache: Pick<Entity<Tache, 'taches'>, 'listWhere' | 'toMessage'>,
  ): Methods<typeof TacheServiceService>['list'] =>
  async (request) => {
    const { ouvertes, echeanceAvant, echeanceDepuis, ouSansEcheance, ids, ...rest } = request;
    const { origineDebut, parEcheance, pageSize, pageToken, ...of } = rest;
    const echeance = {
      ...(echeanceAvant && { lt: echeanceAvant }),
      ...(echeanceDepuis && { gte: echeanceDepuis }),
    };
    const isDated = echeanceAvant !== undefined || echeanceDepuis !== undefined;
    const where = {
      // in addition to the page's conditions on the same columns
      AND: [
        ...(ids.length > 0 ? [{ id: { in: ids } }] : []),
        ...(ouvertes ? [{ statut: { in: [StatutTache.A_FAIRE, StatutTache.EN_COURS] } }] : []),
        ...(origineDebut ? [{ origine: { startsWith: origineDebut } }] : []),
        ...(isDated ? [{ OR: [{ echeance }, ...(ouSansEcheance ? [{ echeance: null }] : [])] }] : []),
      ],
    };
    if (!parEcheance) return await tache.listWhere({ pageSize, pageToken, ...of }, where);
    const { organisationId, clientId, assigneA, statut } = of;
    const take = pageSize || DEFAULT_PAGE_SIZE;
    const rows = await db.tache.findMany({
      where: {
        ...(organisationId && { organisationId }),
        ...(clientId && { clientId }),
        ...(assigneA && { assigneA }),
        ...(statut !== StatutTache.UNSPECIFIED && { statut }),
        AND: [...where.AND, pageToken ? after(readPageToken(pageToken)) : {}],
      },
      orderBy: [{ echeance: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
      take: take + 1,
    });
    const shown = rows.slice(0, Math.min(take, countThatFits(rows)));
    const last = rows.length > shown.length ? shown.at(-1) : undefined;
    return {
      taches: shown.map((row) => tache.toMessage(row)),
      nextPageToken: last ? writePageToken(`${last.echeance?.getTime() ?? NONE}_${last.id}`) : '',
    };
  };

/** The tasks after the one that a page ended with. */
function after(token: string) {
  const [at = '', id = ''] = [token.slice(0, token.indexOf('_')), token.slice(token.indexOf('_') + 1)];
  if (at === NONE) return { echeance: null, id: { gt: id } };
  const echeance = new Date(Number(at) || 0);
  return { OR: [{ echeance: { gt: echeance } }, { echeance, id: { gt: id } }, { echeance: null }] };
}

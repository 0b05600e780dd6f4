import type { Db } from '@crm/db';
import { entity, failedPrecondition, type Call, type Methods } from '@crm/kit';
import {
  StatutTache,
  Tache,
  type CreateTacheRequest,
  type TacheServiceService,
} from '@crm/proto/activites/activites';
import { checkClient, type Register } from './check-client.ts';
import { oncePerOrigin } from './once-per-origin.ts';

/** The states from which a task may come into each state. TERMINEE and ANNULEE are final. */
const COMES_FROM: Partial<Record<StatutTache, StatutTache[]>> = {
  [StatutTache.EN_COURS]: [StatutTache.A_FAIRE],
  [StatutTache.TERMINEE]: [StatutTache.A_FAIRE, StatutTache.EN_COURS],
  [StatutTache.ANNULEE]: [StatutTache.A_FAIRE, StatutTache.EN_COURS],
};

/** The tasks of users. */
export function taches(db: Db, register: Register): Methods<typeof TacheServiceService> {
  const tache = entity(db, {
    model: 'tache',
    plural: 'taches',
    message: Tache,
    defaults: { organisationId: 'default', statut: StatutTache.A_FAIRE, origine: null },
  });
  /**
   * Setting the state that a task has already is no error and changes nothing, so that callers may repeat.
   */
  const mark = (statut: StatutTache) => (request: { id: string }, call: Call) =>
    call.once(async (tx) => {
      const { id } = request;
      const from = COMES_FROM[statut] ?? [];
      const { count } = await tx.tache.updateMany({
        where: { id, statut: { in: from } },
        data: { statut },
      });
      const now = await tache.read(tx, id);
      if (count === 0 && now.statut !== statut) {
        throw failedPrecondition('TACHE_STATUT', `a task that is ${now.statut} cannot become ${statut}`);
      }
      return now;
    }, tache.repeat);
  return {
    ...tache,
    create: oncePerOrigin(
      async (request: CreateTacheRequest, call: Call) => {
        await checkClient(register, request, call);
        return await tache.create(request, call);
      },
      async (of) => {
        const row = await db.tache.findFirst({ where: of });
        return row ? tache.toMessage(row) : undefined;
      },
    ),
    list: ({ ouvertes, echeanceAvant, echeanceDepuis, ids, ...request }) => {
      const echeance = {
        ...(echeanceAvant && { lt: echeanceAvant }),
        ...(echeanceDepuis && { gte: echeanceDepuis }),
      };
      return tache.listWhere(request, {
        // in addition to the page's conditions on the same columns
        AND: [
          ...(ids.length > 0 ? [{ id: { in: ids } }] : []),
          ...(ouvertes ? [{ statut: { in: [StatutTache.A_FAIRE, StatutTache.EN_COURS] } }] : []),
        ],
        ...((echeanceAvant || echeanceDepuis) && { echeance }),
      });
    },
    listByClient: tache.list,
    marquerEnCours: mark(StatutTache.EN_COURS),
    marquerTerminee: mark(StatutTache.TERMINEE),
    marquerAnnulee: mark(StatutTache.ANNULEE),
  };
}

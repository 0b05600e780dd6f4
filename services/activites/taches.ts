import type { Db, Tx } from '@crm/db';
import type { Users } from '@crm/domain';
import { entity, invalid, type Call, type Methods, DEFAULT_ORGANISATION } from '@crm/kit';
import {
  ChangementTache,
  ResultatTache,
  StatutTache,
  Tache,
  TypeActivite,
  type CreateTacheRequest,
  type MarquerTacheRequest,
  type TacheServiceService,
} from '@crm/proto/activites/activites';
import { v7 } from 'uuid';
import { changeTache } from './change-tache.ts';
import { checkClient, type Register } from './check-client.ts';
import { listTaches } from './list-taches.ts';
import { oncePerOrigin } from './once-per-origin.ts';

/** The states from which a task may come into each state. TERMINEE and ANNULEE are final. */
const COMES_FROM: Partial<Record<StatutTache, StatutTache[]>> = {
  [StatutTache.EN_COURS]: [StatutTache.A_FAIRE],
  [StatutTache.TERMINEE]: [StatutTache.A_FAIRE, StatutTache.EN_COURS],
  [StatutTache.ANNULEE]: [StatutTache.A_FAIRE, StatutTache.EN_COURS],
};

/** What a call led to, for the activity that says so. */
const LED_TO: Partial<Record<ResultatTache, string>> = {
  [ResultatTache.JOINT]: 'joint',
  [ResultatTache.MESSAGE_LAISSE]: 'message laissé',
  [ResultatTache.SANS_REPONSE]: 'sans réponse',
  [ResultatTache.PROMESSE_OBTENUE]: 'promesse de paiement obtenue',
  [ResultatTache.CONTESTATION]: 'facture contestée',
  [ResultatTache.NUMERO_FAUX]: 'numéro faux',
};

/** The tasks of users. */
export function taches(db: Db, register: Register, users: Users): Methods<typeof TacheServiceService> {
  const tache = entity(db, {
    model: 'tache',
    plural: 'taches',
    message: Tache,
    defaults: { organisationId: DEFAULT_ORGANISATION, statut: StatutTache.A_FAIRE, origine: null },
  });
  const changements = entity(db, {
    model: 'changementTache',
    plural: 'changements',
    message: ChangementTache,
  });
  const change = changeTache(db, tache, users);
  /** Setting the state that a task has already is no error and changes nothing, so that callers may repeat. */
  const mark =
    (statut: StatutTache) =>
    (request: MarquerTacheRequest, call: Call): Promise<Tache> => {
      const { resultat, note } = request;
      const isCall = LED_TO[resultat] !== undefined;
      if (isCall && statut !== StatutTache.TERMINEE)
        throw invalid('resultat', 'is that of a call: only for MarquerTerminee');
      const outcome = statut === StatutTache.EN_COURS ? {} : { note, ...(isCall && { resultat }) };
      const also = (tx: Tx, done: Tache) => (isCall ? recordCall(tx, done, call) : Promise.resolve());
      return change(request, { statut }, call, { from: COMES_FROM[statut] ?? [], outcome, also });
    };
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
    update: ({ titre, description, echeance, sansEcheance, assigneA, ...said }, call) => {
      if (sansEcheance && echeance) throw invalid('echeance', 'must be left out with sansEcheance');
      const due = sansEcheance ? null : echeance;
      return change(said, { titre, description, echeance: due, assigneA }, call);
    },
    list: listTaches(db, tache),
    listByClient: tache.list,
    marquerEnCours: mark(StatutTache.EN_COURS),
    marquerTerminee: mark(StatutTache.TERMINEE),
    marquerAnnulee: mark(StatutTache.ANNULEE),
    async listChangements(request) {
      // a list of nothing would say that nobody has changed it
      await tache.get({ id: request.tacheId });
      return await changements.list(request);
    },
  };
}

/** The call is an activity of the client as well: whoever reads what was said to them looks there. */
async function recordCall(
  tx: Tx,
  { id, organisationId, clientId, titre, resultat, note }: Tache,
  { caller }: Call,
): Promise<void> {
  if (!clientId) return;
  const resume = `${titre} : ${LED_TO[resultat]}${note && `. ${note}`}`;
  const whose = { organisationId, clientId, utilisateurId: caller.sub };
  await tx.activite.create({
    data: {
      ...{ id: v7(), ...whose, type: TypeActivite.APPEL, resume },
      ...{ dateActivite: new Date(), origine: `tache/${id}` },
    },
  });
}

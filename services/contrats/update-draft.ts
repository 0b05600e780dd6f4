import { failedPrecondition, type Call } from '@crm/kit';
import { StatutContrat, type Contrat, type UpdateContratRequest } from '@crm/proto/contrats/contrats';
import { assertTerms } from './assert-terms.ts';
import { checkReferences } from './check-parties.ts';
import type { ContratEntity, Deps } from './contrat-entity.ts';
import { referenceTaken } from './reference-taken.ts';

/** What decides on the instalments. */
const TERMS = ['montantTotal', 'nombreEcheances', 'datePremiereEcheance'] as const;

/**
 * Changes what is given of a draft; what was signed does not change.
 * @throws RpcError INVALID_ARGUMENT: `nombreEcheances`, `datePremiereEcheance`, FAILED_PRECONDITION with CONTRAT_STATUT, ALREADY_EXISTS where the reference is taken
 */
export function updateDraft(contrat: ContratEntity, deps: Deps) {
  return async ({ id, ...changes }: UpdateContratRequest, call: Call): Promise<Contrat> => {
    const { organisationId } = await contrat.get({ id });
    // only what is given: a draft of before the organisation was set up changes in everything else
    const { clientId = '', produitId = '', apporteurId = '', mandatId = '' } = changes;
    await checkReferences(deps, { organisationId, clientId, produitId, apporteurId, mandatId }, call);
    return await call.once(async (tx) => {
      const update = tx.contrat.updateMany({
        where: { id, statut: StatutContrat.BROUILLON },
        // Prisma leaves undefined out, its types do not say so
        data: changes as Record<string, never>,
      });
      const { count } = await update.catch((error: Error & { code?: string }) => {
        throw error.code === 'P2002' ? referenceTaken(changes.reference!) : error;
      });
      const now = await contrat.read(tx, id);
      if (count === 0) {
        throw failedPrecondition('CONTRAT_STATUT', `a contract that is ${now.statut} does not change`);
      }
      // a draft from before its terms were bounded changes in everything else
      if (TERMS.some((field) => changes[field] !== undefined)) assertTerms(now);
      return now;
    }, contrat.repeat);
  };
}

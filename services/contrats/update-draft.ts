import { failedPrecondition, type Call } from '@crm/kit';
import { StatutContrat, type Contrat, type UpdateContratRequest } from '@crm/proto/contrats/contrats';
import { assertTerms } from './assert-terms.ts';
import { checkReferences } from './check-parties.ts';
import type { ContratEntity, Deps } from './contrat-entity.ts';
import { referenceTaken } from './reference-taken.ts';

/** The fields that instalments depend on. */
const TERMS = ['montantTotal', 'nombreEcheances', 'datePremiereEcheance'] as const;

/**
 * Changes the given fields of a draft. A signed contract cannot change.
 * @throws RpcError INVALID_ARGUMENT: `nombreEcheances`, `datePremiereEcheance`; FAILED_PRECONDITION
 *   CONTRAT_STATUT; ALREADY_EXISTS if the reference is taken
 */
export function updateDraft(contrat: ContratEntity, deps: Deps) {
  return async ({ id, ...changes }: UpdateContratRequest, call: Call): Promise<Contrat> => {
    const { organisationId } = await contrat.get({ id });
    // checks only given fields, so that a draft from before the organisation was set up can still change in
    // others
    const { clientId = '', produitId = '', apporteurId = '', mandatId = '' } = changes;
    await checkReferences(deps, { organisationId, clientId, produitId, apporteurId, mandatId }, call);
    return await call.once(async (tx) => {
      const update = tx.contrat.updateMany({
        where: { id, statut: StatutContrat.BROUILLON },
        // Prisma ignores undefined, but its types do not allow it
        data: changes as Record<string, never>,
      });
      const { count } = await update.catch((error: Error & { code?: string }) => {
        throw error.code === 'P2002' ? referenceTaken(changes.reference!) : error;
      });
      const now = await contrat.read(tx, id);
      if (count === 0) {
        throw failedPrecondition('CONTRAT_STATUT', `a contract that is ${now.statut} does not change`);
      }
      // checks only given fields, so that a draft from before the terms were checked can still change in
      // others
      if (TERMS.some((field) => changes[field] !== undefined)) assertTerms(now);
      return now;
    }, contrat.repeat);
  };
}

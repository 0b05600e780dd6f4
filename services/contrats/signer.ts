import type { Tx } from '@crm/db';
import { todayInParis } from '@crm/domain';
import { emit, failedPrecondition, type Call } from '@crm/kit';
import { StatutContrat, type Contrat, type SignerContratRequest } from '@crm/proto/contrats/contrats';
import { assertSignable, assertSigned } from './assert-terms.ts';
import { checkParties } from './check-parties.ts';
import type { ContratEntity, Deps } from './contrat-entity.ts';

/**
 * Signs a draft. A signed contract does not change, and publishes nothing again.
 * @throws RpcError INVALID_ARGUMENT: `dateSignature` in the future; FAILED_PRECONDITION CONTRAT_STATUT: it
 *   was dropped, CONTRAT_ECHEANCES: its instalments cannot be planned; as `checkParties`
 */
export function signer(contrat: ContratEntity, deps: Deps) {
  return async ({ id, dateSignature }: SignerContratRequest, call: Call): Promise<Contrat> => {
    assertSigned(dateSignature);
    const draft = await contrat.get({ id });
    // what it refers to may have been deleted since it was drafted
    if (draft.statut === StatutContrat.BROUILLON) await checkParties(deps, draft, call);
    return await call.once(async (tx) => {
      const { count } = await tx.contrat.updateMany({
        where: { id, statut: StatutContrat.BROUILLON },
        data: {
          ...{ statut: StatutContrat.SIGNE, signeAt: new Date() },
          dateSignature: dateSignature || todayInParis(),
        },
      });
      const now = await contrat.read(tx, id);
      if (now.statut === StatutContrat.RESILIE) {
        throw failedPrecondition('CONTRAT_STATUT', 'a contract that is RESILIE cannot be signed');
      }
      if (count > 0) {
        assertSignable(now);
        await emitSigned(tx, now);
      }
      return now;
    }, contrat.repeat);
  };
}

/** Publishes contract.signed. */
export const emitSigned = (
  tx: Tx,
  { id, organisationId, clientId, produitId, montantTotal, dateSignature }: Contrat,
): Promise<string> =>
  emit(tx, 'contract.signed', {
    contratId: id,
    organisationId,
    clientId,
    produitId,
    montantTotal,
    dateSignature,
  });

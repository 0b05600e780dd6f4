import { todayInParis } from '@crm/domain';
import { invalid, type Call } from '@crm/kit';
import { StatutContrat, type Contrat, type ResilierContratRequest } from '@crm/proto/contrats/contrats';
import type { ContratEntity } from './contrat-entity.ts';

/**
 * Terminates a signed contract, or drops a draft. Once that is done it stays as it is: asking again answers it with
 * its first date and reason.
 * @throws RpcError INVALID_ARGUMENT where the date is before the signature's
 */
export function resilier(contrat: ContratEntity) {
  return ({ id, dateResiliation: given, motif }: ResilierContratRequest, call: Call): Promise<Contrat> => {
    const dateResiliation = given || todayInParis();
    return call.once(async (tx) => {
      // dates of this form are ordered as their texts are, and a draft's is empty
      await tx.contrat.updateMany({
        where: { id, statut: { not: StatutContrat.RESILIE }, dateSignature: { lte: dateResiliation } },
        data: { statut: StatutContrat.RESILIE, dateResiliation, motifResiliation: motif },
      });
      const now = await contrat.read(tx, id);
      if (now.statut === StatutContrat.RESILIE) return now;
      throw invalid('dateResiliation', `must not be before the signature, ${now.dateSignature}`);
    }, contrat.repeat);
  };
}

import { todayInParis } from '@crm/domain';
import { invalid, type Call } from '@crm/kit';
import { StatutContrat, type Contrat, type ResilierContratRequest } from '@crm/proto/contrats/contrats';
import type { ContratEntity } from './contrat-entity.ts';

/**
 * Terminates a signed contract, or drops a draft. A repeat returns it with its first date and reason.
 * @throws RpcError INVALID_ARGUMENT if the date is before the signature
 */
export function resilier(contrat: ContratEntity) {
  return ({ id, dateResiliation: given, motif }: ResilierContratRequest, call: Call): Promise<Contrat> => {
    const dateResiliation = given || todayInParis();
    return call.once(async (tx) => {
      // YYYY-MM-DD sorts as text, and a draft has an empty date
      await tx.contrat.updateMany({
        where: { id, statut: { not: StatutContrat.RESILIE }, dateSignature: { lte: dateResiliation } },
        data: {
          ...{ statut: StatutContrat.RESILIE, resilieAt: new Date() },
          ...{ dateResiliation, motifResiliation: motif },
        },
      });
      const now = await contrat.read(tx, id);
      if (now.statut === StatutContrat.RESILIE) return now;
      throw invalid('dateResiliation', `must not be before the signature, ${now.dateSignature}`);
    }, contrat.repeat);
  };
}

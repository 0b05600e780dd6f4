import { orUndefined, type Connected } from '@crm/kit';
import { StatutContrat, type ContratServiceService } from '@crm/proto/contrats/contrats';
import { inBatches } from './in-batches.ts';

/** Those of the contracts that were terminated; one that nobody knows was not. Asked with the caller's own token. */
export async function contratsResilies(
  ids: string[],
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>,
): Promise<Set<string>> {
  const answers = await inBatches(ids, (id) => orUndefined(contrats.get({ id })));
  return new Set(ids.filter((_, index) => answers[index]?.statut === StatutContrat.RESILIE));
}

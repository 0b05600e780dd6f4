import { orUndefined, type Connected } from '@crm/kit';
import { StatutContrat, type ContratServiceService } from '@crm/proto/contrats/contrats';
import { inBatches } from './in-batches.ts';

/** What a debit has to do with its contract. */
export type ContractToDebit = { reference: string; resilie: boolean };

/** The contracts that are known; one that nobody knows was not terminated. Asked with the caller's own token. */
export async function contractsToDebit(
  ids: string[],
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>,
): Promise<Map<string, ContractToDebit>> {
  const known = await inBatches(ids, (id) => orUndefined(contrats.get({ id })));
  return new Map(
    known.flatMap((contrat) =>
      contrat
        ? [[contrat.id, { reference: contrat.reference, resilie: contrat.statut === StatutContrat.RESILIE }]]
        : [],
    ),
  );
}

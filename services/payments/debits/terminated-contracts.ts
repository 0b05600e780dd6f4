import { knownOf, type Connected } from '@crm/kit';
import { StatutContrat, type Contrat, type ContratServiceService } from '@crm/proto/contrats/contrats';

/** What of the contracts' service payments need. */
export type Contrats = Pick<Connected<typeof ContratServiceService>, 'list'>;

/** Those of the contracts that were terminated, by id: nothing more is debited for them. Asked with the caller's own token. */
export const terminatedContracts = (
  contrats: Contrats,
  contratIds: string[],
): Promise<Map<string, Contrat>> =>
  knownOf(
    contratIds,
    async (page) => (await contrats.list({ ...page, statut: StatutContrat.RESILIE })).contrats,
  );

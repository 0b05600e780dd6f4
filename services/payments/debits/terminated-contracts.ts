import { knownOf, type Connected } from '@crm/kit';
import { StatutContrat, type Contrat, type ContratServiceService } from '@crm/proto/contrats/contrats';

/** The RPCs of contrats that payments use. */
export type Contrats = Pick<Connected<typeof ContratServiceService>, 'list'>;

/**
 * Selects the terminated contracts, by id: nothing more is debited for them. Called with the caller's own
 * token.
 */
export const terminatedContracts = (
  contrats: Contrats,
  contratIds: string[],
): Promise<Map<string, Contrat>> =>
  knownOf(
    contratIds,
    (page) => contrats.list({ ...page, statut: StatutContrat.RESILIE }),
    (page) => page.contrats,
  );

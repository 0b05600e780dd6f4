import type { Connected } from '@crm/kit';
import { StatutContrat, type ContratServiceService } from '@crm/proto/contrats/contrats';
import { status, type ServiceError } from '@grpc/grpc-js';

/** Calls at once. */
const AT_ONCE = 20;

/** Those of the contracts that were terminated; one that nobody knows was not. Asked with the caller's own token. */
export async function contratsResilies(
  ids: string[],
  contrats: Pick<Connected<typeof ContratServiceService>, 'get'>,
): Promise<string[]> {
  const resilie = async (id: string): Promise<boolean> => {
    try {
      return (await contrats.get({ id })).statut === StatutContrat.RESILIE;
    } catch (error) {
      if ((error as ServiceError).code === status.NOT_FOUND) return false;
      throw error;
    }
  };
  const found: string[] = [];
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const batch = ids.slice(at, at + AT_ONCE);
    const answers = await Promise.all(batch.map(resilie));
    found.push(...batch.filter((_, index) => answers[index]));
  }
  return found;
}

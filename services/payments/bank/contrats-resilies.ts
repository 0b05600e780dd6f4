import type { Connected } from '@crm/kit';
import { StatutContrat, type ContratServiceService } from '@crm/proto/contrats/contrats';

/** So many are asked for in one call: a page. */
const AT_ONCE = 200;

/** Those of the contracts that were terminated; one that nobody knows was not. Asked with the caller's own token. */
export async function contratsResilies(
  ids: string[],
  contrats: Pick<Connected<typeof ContratServiceService>, 'list'>,
): Promise<Set<string>> {
  const resilies = new Set<string>();
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const some = { ids: ids.slice(at, at + AT_ONCE), statut: StatutContrat.RESILIE, pageSize: AT_ONCE };
    for (const { id } of (await contrats.list(some)).contrats) resilies.add(id);
  }
  return resilies;
}

import { everyPage } from '@crm/kit';
import type { AgendaRequest, EcheanceAgenda } from '@crm/proto/relance/agenda';
import type { NameSources } from './with-names.ts';
import { assertFew } from './read-all.ts';

type Asked = Pick<
  AgendaRequest,
  'genres' | 'montantMin' | 'gestionnaireId' | 'retenuesSeulement' | 'enRetardSeulement'
>;

/** Which entries are asked for. */
export type Filters = Omit<Asked, 'gestionnaireId'> & {
  /** The account manager's id and clients. Undefined: anybody's. */
  manager?: { id: string; clients: Set<string> } | undefined;
};

/**
 * The filters of a request, with the clients of the account manager.
 * @throws {RpcError} FAILED_PRECONDITION: these are too many; UNAVAILABLE: clients is away
 */
export async function readFilters(
  { gestionnaireId, ...filters }: Asked,
  { clients }: NameSources,
): Promise<Filters> {
  if (!gestionnaireId) return filters;
  const ids = new Set<string>();
  for await (const page of everyPage((request) => clients.list({ ...request, gestionnaireId }))) {
    for (const { id } of page.clients) ids.add(id);
    assertFew('clients', ids.size);
  }
  return { ...filters, manager: { id: gestionnaireId, clients: ids } };
}

/** Whether an entry is asked for. Whose it is was looked at before. */
export const isAskedFor = (
  { genre, montant, attente, enPause, enRetard }: EcheanceAgenda,
  { genres, montantMin, retenuesSeulement, enRetardSeulement }: Filters,
): boolean =>
  (genres.length === 0 || genres.includes(genre)) &&
  montant >= montantMin &&
  ((!retenuesSeulement && !enRetardSeulement) ||
    (retenuesSeulement && (enPause || attente !== '')) ||
    (enRetardSeulement && enRetard));

/** Whether any entry of these kinds may be asked for. */
export const wants = ({ genres }: Filters, ...kinds: EcheanceAgenda['genre'][]): boolean =>
  genres.length === 0 || kinds.some((one) => genres.includes(one));

import type { Connected } from '@crm/kit';
import type { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';

/** The RPC of organisations for sociétés. */
export type Societes = Pick<Connected<typeof SocieteServiceService>, 'list'>;

/** The société that acts for an organisation: its newest. Undefined if it has none. */
export const newestSociete = async (
  societes: Societes,
  organisationId: string,
): Promise<Societe | undefined> => (await societes.list({ organisationId, pageSize: 1 })).societes[0];

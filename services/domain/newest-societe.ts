import type { Connected } from '@crm/kit';
import type { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';

/** What of the organisations' service is asked for sociétés. */
export type Societes = Pick<Connected<typeof SocieteServiceService>, 'list'>;

/** The société that acts for an organisation: its newest. Undefined where it has none. */
export const newestSociete = async (
  societes: Societes,
  organisationId: string,
): Promise<Societe | undefined> => (await societes.list({ organisationId, pageSize: 1 })).societes[0];

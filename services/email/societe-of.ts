import { unavailable, type Connected } from '@crm/kit';
import type { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';

/** What of the organisations' service a mail needs. */
export type Societes = Pick<Connected<typeof SocieteServiceService>, 'list'>;

/**
 * The société that signs an organisation's e-mails, its newest; with the current caller's own token.
 * @returns undefined: it has none, e-mails are signed as the platform is set
 * @throws {RpcError} UNAVAILABLE: organisations cannot be asked now
 */
export async function societeOf(societes: Societes, organisationId: string): Promise<Societe | undefined> {
  try {
    const { societes: newest } = await societes.list({ organisationId, pageSize: 1 });
    return newest[0];
  } catch {
    throw unavailable('SENDER', `organisations did not say who signs e-mails of ${organisationId}`);
  }
}

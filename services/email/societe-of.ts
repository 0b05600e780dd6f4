import { unavailable, type Connected } from '@crm/kit';
import type { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';

/** The RPCs of organisations that mails use. */
export type Societes = Pick<Connected<typeof SocieteServiceService>, 'list'>;

/**
 * The société that signs an organisation's e-mails, the newest one; called with the current caller's own
 * token.
 * @returns undefined if it has none: the platform's settings are used
 * @throws {RpcError} UNAVAILABLE: organisations is away
 */
export async function societeOf(societes: Societes, organisationId: string): Promise<Societe | undefined> {
  try {
    const { societes: newest } = await societes.list({ organisationId, pageSize: 1 });
    return newest[0];
  } catch {
    throw unavailable('SENDER', `organisations did not say who signs e-mails of ${organisationId}`);
  }
}

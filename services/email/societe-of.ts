import { newestSociete, type Societes } from '@crm/domain';
import { unavailable } from '@crm/kit';
import type { Societe } from '@crm/proto/organisations/organisations';

/**
 * The société that signs an organisation's e-mails, the newest one; called with the current caller's own
 * token.
 * @returns undefined if it has none: the platform's settings are used
 * @throws {RpcError} UNAVAILABLE: organisations is away
 */
export async function societeOf(societes: Societes, organisationId: string): Promise<Societe | undefined> {
  try {
    return await newestSociete(societes, organisationId);
  } catch {
    throw unavailable('SENDER', `organisations did not say who signs e-mails of ${organisationId}`);
  }
}

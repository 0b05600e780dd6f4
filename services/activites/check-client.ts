import { assertKnown, type Organisations } from '@crm/domain';
import { type Call, type Connected } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';

/** Whom activites asks who there is. */
export type Register = {
  organisations: Organisations;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
};

/**
 * Checks, in an organisation that was set up, the client of a task or an activity.
 * @throws {RpcError} as `assertKnown`
 */
export async function checkClient(
  { organisations, clients }: Register,
  { organisationId, clientId }: { organisationId: string; clientId: string },
  call: Call,
): Promise<void> {
  await assertKnown(organisations, call, organisationId || 'default', [
    { field: 'clientId', entity: 'client', id: clientId, get: clients.get },
  ]);
}

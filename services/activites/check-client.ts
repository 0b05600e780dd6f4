import { assertKnown, type Organisations } from '@crm/domain';
import { type Call, type Connected, organisationOrDefault } from '@crm/kit';
import type { ClientBaseServiceService } from '@crm/proto/clients/clients';

/** The services that activites asks whether references exist. */
export type Register = {
  organisations: Organisations;
  clients: Pick<Connected<typeof ClientBaseServiceService>, 'get'>;
};

/**
 * Checks that the client of a task or an activity exists, if the organisation was set up in Suivi.
 * @throws {RpcError} as `assertKnown`
 */
export async function checkClient(
  { organisations, clients }: Register,
  { organisationId, clientId }: { organisationId: string; clientId: string },
  call: Call,
): Promise<void> {
  await assertKnown(organisations, call, organisationOrDefault(organisationId), [
    { field: 'clientId', entity: 'client', id: clientId, get: clients.get },
  ]);
}

import { orUndefined } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import type { CallService } from './service-callers.ts';

/**
 * The id and the code of an organisation, the given one first: its rows may have been created under either.
 * An organisation that was not set up has only the given name.
 */
export async function namesOfOrganisation(call: CallService, named: string): Promise<string[]> {
  const known = await orUndefined(call('organisations', OrganisationServiceService).get({ id: named }));
  return [...new Set([named, ...(known ? [known.id, known.code] : [])])];
}

/**
 * The name under which an organisation has its société or its clients: the given one, else its other one. Undefined: it
 * has neither under any name.
 */
export async function nameInUse(call: CallService, named: string): Promise<string | undefined> {
  const societes = call('organisations', SocieteServiceService);
  const clients = call('clients', ClientBaseServiceService);
  for (const organisationId of await namesOfOrganisation(call, named)) {
    const one = { organisationId, pageSize: 1 };
    if ((await societes.list(one)).societes.length > 0) return organisationId;
    if ((await clients.list(one)).clients.length > 0) return organisationId;
  }
  return undefined;
}

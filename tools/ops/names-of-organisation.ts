import { orUndefined } from '@crm/kit';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import type { CallService } from './service-callers.ts';

/**
 * The id and the code of an organisation, the given one first: its rows may have been created under either.
 * An organisation that was not set up has only the given name.
 */
export async function namesOfOrganisation(call: CallService, named: string): Promise<string[]> {
  const known = await orUndefined(call('organisations', OrganisationServiceService).get({ id: named }));
  return [...new Set([named, ...(known ? [known.id, known.code] : [])])];
}

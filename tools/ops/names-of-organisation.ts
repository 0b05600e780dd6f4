import { orUndefined } from '@crm/kit';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import type { CallService } from './service-callers.ts';

/**
 * By what an organisation goes: as it was named, and by its id or its code, under which its rows may have been made
 * instead. One that was not set up has no other name.
 */
export async function namesOfOrganisation(call: CallService, named: string): Promise<string[]> {
  const known = await orUndefined(call('organisations', OrganisationServiceService).get({ id: named }));
  return [...new Set([named, ...(known ? [known.id, known.code] : [])])];
}

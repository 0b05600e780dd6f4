import { orUndefined, type Connected } from '@crm/kit';
import type { OrganisationServiceService } from '@crm/proto/organisations/organisations';

/** How long an answer counts. */
const REMEMBERED_MS = 60_000;

/** The RPC of organisations for reading one, as the caller. */
export type Organisations = Pick<Connected<typeof OrganisationServiceService>, 'get'>;

/** Whether an organisation wants one mail for several reminders of a client. */
export type MergesReminders = (organisationId: string) => Promise<boolean>;

/**
 * Asks organisations, once a minute for each organisation, with the caller's own token. One that was not set up in
 * Suivi has no options.
 */
export function mergesReminders(organisations: Organisations): MergesReminders {
  const answers = new Map<string, { at: number; merges: boolean }>();
  return async (id) => {
    const known = answers.get(id);
    if (known && known.at > Date.now() - REMEMBERED_MS) return known.merges;
    const merges = (await orUndefined(organisations.get({ id })))?.relancesGroupees ?? false;
    answers.set(id, { at: Date.now(), merges });
    return merges;
  };
}

import { implement, invalid, unavailable, type Implementation } from '@crm/kit';
import { Societe, SocieteServiceService } from '@crm/proto/organisations/organisations';

export type SocietesService = {
  implementation: Implementation;
  away: boolean;
  /** By organisation. */
  societes: Map<string, Partial<Societe>>;
};

/** An organisations service for mails, on a real port, with sociétés from the test. */
export function societesService(): SocietesService {
  const none = () => Promise.reject(invalid('', 'not part of this test'));
  const service: Omit<SocietesService, 'implementation'> = { away: false, societes: new Map() };
  const implementation = implement(SocieteServiceService, {
    ...{ create: none, get: none, getLogo: none, update: none },
    list: ({ organisationId }) => {
      if (service.away) throw unavailable('TEST', 'away');
      const found = service.societes.get(organisationId);
      return Promise.resolve({ societes: found ? [Societe.fromPartial(found)] : [], nextPageToken: '' });
    },
  });
  return Object.assign(service, { implementation });
}

import { implement, invalid, notFound, unavailable, type Implementation } from '@crm/kit';
import {
  Client,
  ClientBaseServiceService,
  StatutEmailClient,
  type RecordEmailRefusalRequest,
} from '@crm/proto/clients/clients';

export type ClientsService = {
  implementation: Implementation;
  away: boolean;
  /** It refuses every call for good. */
  refuses: boolean;
  /** The refusals it was told, for `client-1`. */
  refusals: RecordEmailRefusalRequest[];
  /** What it answers about the address of `client-1`. */
  emailStatut: StatutEmailClient;
};

/** A clients service for mails, on a real port. It knows `client-1`. */
export function clientsService(): ClientsService {
  const none = () => Promise.reject(invalid('', 'not part of this test'));
  const service: Omit<ClientsService, 'implementation'> = {
    ...{ away: false, refuses: false, refusals: [], emailStatut: StatutEmailClient.ADRESSE_ACCEPTEE },
  };
  const implementation = implement(ClientBaseServiceService, {
    ...{ create: none, update: none, list: none, search: none, delete: none },
    clearEmailRefusal: none,
    get: ({ id }) => {
      if (service.away) throw unavailable('TEST', 'away');
      if (id !== 'client-1') throw notFound('client', id);
      const { emailStatut } = service;
      return Promise.resolve(
        Client.fromPartial({ id, email: 'Zoe@example.org', emailStatut, emailRefuseRaison: '550 none' }),
      );
    },
    recordEmailRefusal: (request) => {
      if (service.away) throw unavailable('TEST', 'away');
      if (service.refuses) throw invalid('raison', 'is refused');
      if (request.id !== 'client-1') throw notFound('client', request.id);
      service.refusals.push(request);
      return Promise.resolve(Client.fromPartial({ id: request.id }));
    },
  });
  return Object.assign(service, { implementation });
}

import { implement, invalid, notFound, unavailable, type Implementation } from '@crm/kit';
import { Client, ClientBaseServiceService, type RecordEmailRefusalRequest } from '@crm/proto/clients/clients';

export type ClientsService = {
  implementation: Implementation;
  away: boolean;
  /** It refuses whatever it is told, for good. */
  refuses: boolean;
  /** What it was told, of `client-1`. */
  refusals: RecordEmailRefusalRequest[];
};

/** What mails need of clients, over a real port; it knows `client-1`. */
export function clientsService(): ClientsService {
  const none = () => Promise.reject(invalid('', 'not part of this test'));
  const service: Omit<ClientsService, 'implementation'> = { away: false, refuses: false, refusals: [] };
  const implementation = implement(ClientBaseServiceService, {
    ...{ create: none, get: none, update: none, list: none, search: none, delete: none },
    clearEmailRefusal: none,
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

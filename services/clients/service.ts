import { AdresseServiceService, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { implement, service } from '@crm/kit';
import { adresses } from './adresses.ts';
import { clients } from './clients.ts';

export default service('clients', ({ db }) => [
  implement(ClientBaseServiceService, clients(db)),
  implement(AdresseServiceService, adresses(db)),
]);

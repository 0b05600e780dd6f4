import { implement, service } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { LogisticsServiceService } from '@crm/proto/logistics/logistics';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { logistics } from './logistics.ts';

export default service('logistics', ({ db, call }) => {
  const register = {
    organisations: call('organisations', OrganisationServiceService),
    clients: call('clients', ClientBaseServiceService),
    contrats: call('contrats', ContratServiceService),
  };
  return [implement(LogisticsServiceService, logistics(db, register))];
});

import { implement, service } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { PaymentScheduleServiceService } from '@crm/proto/payments/payments';
import { ProduitServiceService } from '@crm/proto/products/products';
import { contrats } from './contrats.ts';

export default service('contrats', ({ db, call }) => {
  const schedules = call('payments', PaymentScheduleServiceService);
  const clients = call('clients', ClientBaseServiceService);
  const produits = call('products', ProduitServiceService);
  return [implement(ContratServiceService, contrats({ db, schedules, clients, produits }))];
});

import { chronologie } from '@crm/domain';
import { implement, service } from '@crm/kit';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ApporteurServiceService } from '@crm/proto/commerciaux/commerciaux';
import { ChronologieServiceService, ContratServiceService } from '@crm/proto/contrats/contrats';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { MandateServiceService, PaymentScheduleServiceService } from '@crm/proto/payments/payments';
import { ProduitServiceService } from '@crm/proto/products/products';
import { contratLines } from './chronologie.ts';
import { contrats } from './contrats.ts';

export default service('contrats', ({ db, call }) => {
  const schedules = call('payments', PaymentScheduleServiceService);
  const clients = call('clients', ClientBaseServiceService);
  const produits = call('products', ProduitServiceService);
  const organisations = call('organisations', OrganisationServiceService);
  const apporteurs = call('commerciaux', ApporteurServiceService);
  const mandats = call('payments', MandateServiceService);
  return [
    implement(
      ContratServiceService,
      contrats({ db, schedules, organisations, clients, produits, apporteurs, mandats }),
    ),
    implement(ChronologieServiceService, { list: chronologie(contratLines(db)) }),
  ];
});

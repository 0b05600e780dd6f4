import { chronologie } from '@crm/domain';
import {
  AdresseServiceService,
  ChronologieServiceService,
  ClientBaseServiceService,
} from '@crm/proto/clients/clients';
import { FaitServiceService } from '@crm/proto/clients/faits';
import { ImportServiceService } from '@crm/proto/clients/imports';
import { RechercheServiceService } from '@crm/proto/clients/recherche';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { MandateServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { implement, service } from '@crm/kit';
import { adresses } from './adresses.ts';
import { clientLines } from './chronologie.ts';
import { clients } from './clients.ts';
import { importClients } from './import/import-clients.ts';
import { listFaits } from './list-faits.ts';
import { rechercher } from './rechercher.ts';

/** A file has at most 4 MiB (imports.proto); the rest is for the other fields. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024 + 64 * 1024;

export default service(
  'clients',
  ({ db, call }) => [
    implement(ClientBaseServiceService, clients(db)),
    implement(ChronologieServiceService, { list: chronologie(clientLines(db)) }),
    implement(AdresseServiceService, adresses(db)),
    implement(FaitServiceService, listFaits(db)),
    implement(ImportServiceService, importClients(db)),
    implement(
      RechercheServiceService,
      rechercher(db, {
        factures: call('factures', InvoiceServiceService),
        contrats: call('contrats', ContratServiceService),
        mandats: call('payments', MandateServiceService),
        payments: call('payments', PaymentServiceService),
        organisations: call('organisations', OrganisationServiceService),
      }),
    ),
  ],
  {},
  { largeRequests: new Map([[ImportServiceService.import.path, MAX_REQUEST_BYTES]]) },
);

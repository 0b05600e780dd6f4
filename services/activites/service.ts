import { ChronologieServiceService as OfClients, ClientBaseServiceService } from '@crm/proto/clients/clients';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { implement, service } from '@crm/kit';
import {
  ActiviteServiceService,
  ChronologieServiceService,
  TacheServiceService,
} from '@crm/proto/activites/activites';
import { ChronologieServiceService as OfContrats } from '@crm/proto/contrats/contrats';
import { ChronologieServiceService as OfEmail } from '@crm/proto/email/email';
import { ChronologieServiceService as OfFactures, InvoiceServiceService } from '@crm/proto/factures/factures';
import { ChronologieServiceService as OfPayments } from '@crm/proto/payments/payments';
import { ChronologieServiceService as OfRelance } from '@crm/proto/relance/relance';
import { ChronologieServiceService as OfRetry } from '@crm/proto/retry/retry';
import { activites } from './activites.ts';
import { GENRES, mergedTimeline } from './chronologie.ts';
import { activiteLines } from './own-lines.ts';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { taches } from './taches.ts';

export default service('activites', ({ db, call }) => {
  const register = {
    organisations: call('organisations', OrganisationServiceService),
    clients: call('clients', ClientBaseServiceService),
  };
  const timeline = mergedTimeline(activiteLines(db), {
    ...{ clients: register.clients, factures: call('factures', InvoiceServiceService) },
    users: call('users', UtilisateurServiceService),
    tellers: [
      { name: 'email', genres: GENRES.email, list: call('email', OfEmail).list },
      { name: 'relance', genres: GENRES.relance, list: call('relance', OfRelance).list },
      { name: 'retry', genres: GENRES.retry, list: call('retry', OfRetry).list },
      { name: 'payments', genres: GENRES.payments, list: call('payments', OfPayments).list },
      { name: 'factures', genres: GENRES.factures, list: call('factures', OfFactures).list },
      { name: 'clients', genres: GENRES.clients, list: call('clients', OfClients).list },
      { name: 'contrats', genres: GENRES.contrats, list: call('contrats', OfContrats).list },
    ],
  });
  return [
    implement(ChronologieServiceService, { list: timeline }),
    implement(TacheServiceService, taches(db, register, call('users', UtilisateurServiceService))),
    implement(ActiviteServiceService, activites(db, register)),
  ];
});

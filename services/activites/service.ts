import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { implement, service } from '@crm/kit';
import { ActiviteServiceService, TacheServiceService } from '@crm/proto/activites/activites';
import { activites } from './activites.ts';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { taches } from './taches.ts';

export default service('activites', ({ db, call }) => {
  const register = {
    organisations: call('organisations', OrganisationServiceService),
    clients: call('clients', ClientBaseServiceService),
  };
  return [
    implement(TacheServiceService, taches(db, register, call('users', UtilisateurServiceService))),
    implement(ActiviteServiceService, activites(db, register)),
  ];
});

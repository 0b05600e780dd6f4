import { implement, service } from '@crm/kit';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { utilisateurs } from './utilisateurs.ts';

export default service('users', ({ db, call }) => [
  implement(UtilisateurServiceService, utilisateurs(db, call('organisations', OrganisationServiceService))),
]);

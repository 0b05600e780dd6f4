import { implement, service } from '@crm/kit';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { organisations } from './organisations.ts';
import { societes } from './societes.ts';

export default service('organisations', ({ db }) => [
  implement(OrganisationServiceService, organisations(db)),
  implement(SocieteServiceService, societes(db)),
]);

import { implement, service } from '@crm/kit';
import { ActiviteServiceService, TacheServiceService } from '@crm/proto/activites/activites';
import { activites } from './activites.ts';
import { taches } from './taches.ts';

export default service('activites', ({ db }) => [
  implement(TacheServiceService, taches(db)),
  implement(ActiviteServiceService, activites(db)),
]);

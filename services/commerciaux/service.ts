import { implement, service } from '@crm/kit';
import { ApporteurServiceService, BaremeCommissionServiceService } from '@crm/proto/commerciaux/commerciaux';
import { apporteurs } from './apporteurs.ts';
import { baremes } from './baremes.ts';

export default service('commerciaux', ({ db }) => [
  implement(ApporteurServiceService, apporteurs(db)),
  implement(BaremeCommissionServiceService, baremes(db)),
]);

import { implement, service } from '@crm/kit';
import { ApporteurServiceService, BaremeCommissionServiceService } from '@crm/proto/commerciaux/commerciaux';
import { CommissionServiceService } from '@crm/proto/commission/commission';
import { commissions } from './commissions.ts';

export default service('commission', ({ db, log, call }) => {
  const apporteurs = call('commerciaux', ApporteurServiceService);
  const baremes = call('commerciaux', BaremeCommissionServiceService);
  return [implement(CommissionServiceService, commissions({ db, log, apporteurs, baremes }))];
});

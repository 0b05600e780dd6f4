import { implement, service } from '@crm/kit';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { enregistrerNouveauClient } from './enregistrer-nouveau-client.ts';
import { getKpis } from './get-kpis.ts';

export default service('dashboard', ({ db }) => [
  implement(DashboardKpisServiceService, {
    getKpis: getKpis(db),
    enregistrerNouveauClient,
  }),
]);

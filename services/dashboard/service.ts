import { implement, service } from '@crm/kit';
import {
  AlertesServiceService,
  DashboardKpisServiceService,
  EvolutionCaServiceService,
} from '@crm/proto/dashboard/dashboard';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { enregistrerEncaissement } from './enregistrer-encaissement.ts';
import { enregistrerFacture } from './enregistrer-facture.ts';
import { enregistrerNouveauClient } from './enregistrer-nouveau-client.ts';
import { getAlertes } from './get-alertes.ts';
import { getEvolutionCa } from './get-evolution-ca.ts';
import { getKpis } from './get-kpis.ts';

export default service('dashboard', ({ db, call }) => [
  implement(DashboardKpisServiceService, {
    getKpis: getKpis(db),
    enregistrerNouveauClient,
    enregistrerFacture,
    enregistrerEncaissement,
  }),
  implement(EvolutionCaServiceService, { getEvolutionCa: getEvolutionCa(db) }),
  implement(AlertesServiceService, { getAlertes: getAlertes(db, call('factures', InvoiceServiceService)) }),
]);

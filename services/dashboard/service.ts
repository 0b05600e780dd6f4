import { implement, service } from '@crm/kit';
import { FaitServiceService as ClientFacts } from '@crm/proto/clients/faits';
import { ChiffresServiceService } from '@crm/proto/dashboard/chiffres';
import {
  AlertesServiceService,
  DashboardKpisServiceService,
  EvolutionCaServiceService,
} from '@crm/proto/dashboard/dashboard';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { FaitServiceService as InvoiceFacts } from '@crm/proto/factures/faits';
import { FaitServiceService as PaymentFacts } from '@crm/proto/payments/faits';
import { FaitServiceService as ReminderFacts } from '@crm/proto/relance/faits';
import { enregistrerEncaissement } from './enregistrer-encaissement.ts';
import { enregistrerFacture } from './enregistrer-facture.ts';
import { enregistrerNouveauClient } from './enregistrer-nouveau-client.ts';
import { bringUpToDate } from './facts/bring-up-to-date.ts';
import { chiffres } from './figures/chiffres.ts';
import { getAlertes } from './get-alertes.ts';
import { getEvolutionCa } from './get-evolution-ca.ts';
import { getKpis } from './get-kpis.ts';

export default service('dashboard', ({ db, call }) => {
  const upToDate = bringUpToDate(db, {
    factures: call('factures', InvoiceFacts),
    payments: call('payments', PaymentFacts),
    clients: call('clients', ClientFacts),
    relance: call('relance', ReminderFacts),
  });
  return [
    implement(DashboardKpisServiceService, {
      getKpis: getKpis(db),
      enregistrerNouveauClient,
      enregistrerFacture,
      enregistrerEncaissement,
    }),
    implement(ChiffresServiceService, chiffres(db, upToDate)),
    implement(EvolutionCaServiceService, { getEvolutionCa: getEvolutionCa(db) }),
    implement(AlertesServiceService, { getAlertes: getAlertes(db, call('factures', InvoiceServiceService)) }),
  ];
});

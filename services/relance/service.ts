import { entity, implement, service } from '@crm/kit';
import { connectTemporal, temporalSpec } from '@crm/kit/temporal';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import {
  HistoriqueRelance,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RegleSuiviServiceService,
  RelanceServiceService,
  SuiviServiceService,
} from '@crm/proto/relance/relance';
import { openDays } from './open-days.ts';
import { reglesRelance } from './regles-relance.ts';
import { reglesSuivi } from './regles-suivi.ts';
import { relances } from './relances.ts';
import { suivis } from './suivis.ts';

export default service(
  'relance',
  (process) => {
    const { db, call } = process;
    const days = openDays(call('calendar', CalendarEngineServiceService));
    const invoices = call('factures', InvoiceServiceService);
    const historique = entity(db, {
      model: 'historiqueRelance',
      plural: 'historique',
      message: HistoriqueRelance,
    });
    return [
      implement(SuiviServiceService, suivis(db)),
      implement(RegleSuiviServiceService, reglesSuivi(db)),
      implement(RelanceServiceService, relances(db, days, invoices, connectTemporal(process))),
      implement(RegleRelanceServiceService, reglesRelance(db)),
      implement(HistoriqueRelanceServiceService, { list: historique.list }),
    ];
  },
  temporalSpec,
);

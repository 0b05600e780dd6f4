import { chronologie } from '@crm/domain';
import { implement, RpcError, service } from '@crm/kit';
import { connectTemporal, temporalSpec } from '@crm/kit/temporal';
import { TacheServiceService } from '@crm/proto/activites/activites';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { PieceJointeServiceService } from '@crm/proto/documents/documents';
import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { FaitServiceService } from '@crm/proto/relance/faits';
import {
  ChronologieServiceService,
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RegleSuiviServiceService,
  RelanceServiceService,
  SuiviServiceService,
} from '@crm/proto/relance/relance';
import { SimulationServiceService } from '@crm/proto/relance/simulation';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { UtilisateurServiceService } from '@crm/proto/users/users';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { status } from '@grpc/grpc-js';
import { foreseeClients } from './agenda/foresee-clients.ts';
import { previsions } from './agenda/previsions.ts';
import { attenteMethods } from './attente-methods.ts';
import { attentes } from './attentes.ts';
import { relanceLines } from './chronologie.ts';
import { heldBack } from './held-back.ts';
import { historique } from './historique.ts';
import { listFaits } from './list-faits.ts';
import { mergesReminders } from './merges-reminders.ts';
import { openDays } from './open-days.ts';
import { regleMethods } from './regle-methods.ts';
import { reglesSuivi } from './regles-suivi.ts';
import { relances } from './relances.ts';
import { simulate } from './simulation/simulate.ts';
import { suivis } from './suivis.ts';
import { watchAgenda } from './watch-agenda.ts';

export default service(
  'relance',
  (process) => {
    const { db, call, log } = process;
    const days = openDays(call('calendar', CalendarEngineServiceService));
    const workflows = connectTemporal(process);
    const sources = {
      factures: call('factures', InvoiceServiceService),
      payments: call('payments', PaymentServiceService),
      retries: call('retry', RetryAdminServiceService),
      clients: call('clients', ClientBaseServiceService),
      contrats: call('contrats', ContratServiceService),
      documents: call('documents', PieceJointeServiceService),
      emails: call('email', EmailServiceService),
      organisations: call('organisations', OrganisationServiceService),
      societes: call('organisations', SocieteServiceService),
      users: call('users', UtilisateurServiceService),
      taches: call('activites', TacheServiceService),
    };
    const wake = (invoiceId: string) =>
      workflows.signal(relanceWorkflowId(invoiceId), 'attenteLevee').catch((error: unknown) => {
        // none that runs: it begins with what is true then
        if (!(error instanceof RpcError) || error.code !== status.FAILED_PRECONDITION) throw error;
      });
    const unfinished = (err: unknown, attenteId: string) => {
      log.warn({ err, attenteId }, 'a hold is finished later');
    };
    const holds = attentes(db, days, sources, wake, unfinished);
    const merges = mergesReminders(sources.organisations);
    const foreseen = previsions(process, foreseeClients(db, days, sources, holds, merges));
    const held = heldBack(holds, sources.payments);
    return [
      implement(ChronologieServiceService, { list: chronologie(relanceLines(db)) }),
      implement(FaitServiceService, listFaits(db)),
      implement(SuiviServiceService, suivis(db)),
      implement(RegleSuiviServiceService, reglesSuivi(db, sources.users)),
      implement(RelanceServiceService, {
        ...relances({ db, log }, days, workflows, sources, holds, held, wake, foreseen, merges),
        watch: watchAgenda(process),
      }),
      implement(
        AttenteRelanceServiceService,
        attenteMethods(db, holds, sources, days, wake, unfinished, foreseen),
      ),
      implement(SimulationServiceService, { simulate: simulate(db, days, sources, holds) }),
      implement(RegleRelanceServiceService, regleMethods(db, sources.users)),
      implement(HistoriqueRelanceServiceService, historique(db, sources)),
    ];
  },
  temporalSpec,
);

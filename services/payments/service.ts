import { chronologie } from '@crm/domain';
import { implement, service, organisationNamer } from '@crm/kit';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { OrganisationServiceService, SocieteServiceService } from '@crm/proto/organisations/organisations';
import { FaitServiceService } from '@crm/proto/payments/faits';
import {
  ChronologieServiceService,
  CreancierServiceService,
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { bankDays } from './bank-days.ts';
import { bankSpec } from './bank-config.ts';
import { paymentLines } from './chronologie.ts';
import { listCandidats } from './bank-reports/candidats.ts';
import { closeLine } from './bank-reports/close-line.ts';
import { emitDebits } from './debits/emit.ts';
import { fichiers } from './debits/fichiers.ts';
import { listFrais } from './debits/frais.ts';
import { secretCipher } from '@crm/kit/secrets';
import { importBankReport } from './bank-reports/import-bank-report.ts';
import { listUnknownLines } from './bank-reports/list-unknown-lines.ts';
import { measureOpenLines } from './bank-reports/measure-open-lines.ts';
import { rapports } from './bank-reports/rapports.ts';
import { watchInbox } from './bank-reports/watch-inbox.ts';
import { creanciers } from './creditors/creanciers.ts';
import { listFaits } from './list-faits.ts';
import { mandates } from './mandates/mandates.ts';
import { payments } from './payments.ts';
import { getCouvertures } from './debits/couvertures.ts';
import { listPrelevements } from './debits/prelevements.ts';
import { prenotifications } from './debits/prenotifications.ts';
import { schedules } from './schedules/schedules.ts';

/**
 * The maximum size of a report in a request, in bytes. A larger one is RESOURCE_EXHAUSTED and not read; it
 * must be zipped or put into the folder. A report is in memory about three times, next to the rest of the
 * service (384 MB, docker/).
 */
const MAX_REQUEST_BYTES = 32 * 1024 * 1024 + 1024;
const IMPORT = PaymentServiceService.importBankReport.path;

export default service(
  'payments',
  (process) => {
    const { db, call, config, log } = process;
    const days = bankDays(call('calendar', CalendarEngineServiceService));
    const contrats = call('contrats', ContratServiceService);
    const factures = call('factures', InvoiceServiceService);
    const retries = call('retry', RetryAdminServiceService);
    const cipher = secretCipher(config.IBAN_KEYS, 'IBAN_KEYS');
    watchInbox(process);
    measureOpenLines(db, log);
    const directory = {
      organisations: call('organisations', OrganisationServiceService),
      societes: call('organisations', SocieteServiceService),
      clients: call('clients', ClientBaseServiceService),
      contrats,
      factures,
    };
    const creditor = {
      name: config.CREANCIER_NOM,
      iban: config.CREANCIER_IBAN,
      bic: config.CREANCIER_BIC,
      id: config.CREANCIER_ICS,
    };
    const planning = { db, cipher, creditor, directory };
    return [
      implement(PaymentScheduleServiceService, schedules(db, days, planning)),
      implement(PaymentServiceService, {
        ...payments(db, days, retries, planning),
        ...prenotifications(db, { cipher, creditor }, contrats, directory.societes),
        emit: emitDebits({ db, config, creditor, cipher, log, days, ...directory }),
        importBankReport: importBankReport(process),
        ...rapports(db),
        listLignesInconnues: listUnknownLines(db),
        cloreLigneInconnue: closeLine,
        listPrelevements: listPrelevements(db, contrats),
        ...fichiers({ db, cipher, creditor }),
        listCandidats: listCandidats(db),
        listFrais: listFrais(db),
        getCouvertures: getCouvertures(db, { contrats, factures, retries }),
      }),
      implement(FaitServiceService, listFaits(db)),
      implement(MandateServiceService, mandates(db, cipher, planning)),
      implement(
        CreancierServiceService,
        creanciers(db, cipher, organisationNamer(directory.organisations.get)),
      ),
      implement(ChronologieServiceService, { list: chronologie(paymentLines(db)) }),
    ];
  },
  bankSpec,
  { largeRequests: new Map([[IMPORT, MAX_REQUEST_BYTES]]), oneAtATime: new Set([IMPORT]) },
);

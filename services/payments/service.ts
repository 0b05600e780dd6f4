import { implement, service } from '@crm/kit';
import { CalendarEngineServiceService } from '@crm/proto/calendar/calendar';
import { ContratServiceService } from '@crm/proto/contrats/contrats';
import {
  MandateServiceService,
  PaymentScheduleServiceService,
  PaymentServiceService,
} from '@crm/proto/payments/payments';
import { RetryAdminServiceService } from '@crm/proto/retry/retry';
import { bankDays } from './bank-days.ts';
import { bankSpec } from './bank/bank-config.ts';
import { emitDebits } from './bank/emit.ts';
import { ibanCipher } from './bank/iban-cipher.ts';
import { importBankReport } from './bank/import-bank-report.ts';
import { mandates } from './mandates.ts';
import { payments } from './payments.ts';
import { schedules } from './schedules.ts';

/** A pain.002 that tells of 50,000 transactions has about 30 MB; what is larger is RESOURCE_EXHAUSTED. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

export default service(
  'payments',
  ({ db, call, config, log }) => {
    const calendar = call('calendar', CalendarEngineServiceService);
    const contrats = call('contrats', ContratServiceService);
    const days = bankDays(calendar);
    const retries = call('retry', RetryAdminServiceService);
    const cipher = ibanCipher(config.IBAN_KEYS);
    return [
      implement(PaymentScheduleServiceService, schedules(db, days)),
      implement(PaymentServiceService, {
        ...payments(db, days, retries),
        emit: emitDebits({ db, config, cipher, log, calendar, contrats }),
        importBankReport: importBankReport(db, config),
      }),
      implement(MandateServiceService, mandates(db, cipher)),
    ];
  },
  bankSpec,
  { maxRequestBytes: MAX_REPORT_BYTES },
);

import { EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { implement, service } from '@crm/kit';
import { delivery } from './deliver.ts';
import { emails } from './emails.ts';
import { mailSpec } from './mail-config.ts';
import { previewTemplate } from './preview-template.ts';
import { resendEmail } from './resend-email.ts';
import { sendEmail, sendEmailWithTemplate } from './send-email.ts';

export default service(
  'email',
  (process) => {
    const invoices = process.call('factures', InvoiceServiceService);
    const deliver = delivery({ ...process, invoices });
    return [
      implement(EmailServiceService, {
        ...emails(process.db, deliver.settleAbandoned),
        sendEmail: sendEmail(process.config, deliver),
        sendEmailWithTemplate: sendEmailWithTemplate(process.config, deliver),
        previewTemplate: previewTemplate(process.config),
        resendEmail: resendEmail(deliver),
      }),
    ];
  },
  mailSpec,
);

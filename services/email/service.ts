import { ActiviteServiceService, TacheServiceService } from '@crm/proto/activites/activites';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { ChronologieServiceService, EmailServiceService } from '@crm/proto/email/email';
import { InvoiceServiceService } from '@crm/proto/factures/factures';
import { SocieteServiceService } from '@crm/proto/organisations/organisations';
import { AttenteRelanceServiceService } from '@crm/proto/relance/attentes';
import { chronologie } from '@crm/domain';
import { implement, service } from '@crm/kit';
import { emailLines } from './chronologie.ts';
import { delivery } from './deliver.ts';
import { downloadEml } from './download-eml.ts';
import { emails } from './emails.ts';
import { getContenu } from './get-contenu.ts';
import { mailSpec } from './mail-config.ts';
import { previewTemplate } from './preview-template.ts';
import { followBounce } from './follow-bounce.ts';
import { followReply } from './follow-reply.ts';
import { recordBounce } from './record-bounce.ts';
import { recordReply, replyEntity } from './record-reply.ts';
import { refusedAddress } from './refused-address.ts';
import { resendEmail } from './resend-email.ts';
import { sendEmail, sendEmailWithTemplate } from './send-email.ts';

export default service(
  'email',
  (process) => {
    const { db, config, call } = process;
    const invoices = call('factures', InvoiceServiceService);
    const clients = call('clients', ClientBaseServiceService);
    const societes = call('organisations', SocieteServiceService);
    const deliver = delivery({ ...process, invoices, clients });
    const followers = {
      clients,
      taches: call('activites', TacheServiceService),
      activites: call('activites', ActiviteServiceService),
      attentes: call('relance', AttenteRelanceServiceService),
    };
    const refusal = refusedAddress(db, clients);
    const sending = { db, words: config, societes, delivery: deliver, refusal };
    return [
      implement(EmailServiceService, {
        ...emails(db, deliver.settleAbandoned),
        ...getContenu(db, invoices),
        sendEmail: sendEmail(sending),
        sendEmailWithTemplate: sendEmailWithTemplate(sending),
        previewTemplate: previewTemplate(config, societes),
        resendEmail: resendEmail(deliver),
        recordBounce: recordBounce(db, deliver, followBounce(db, followers)),
        downloadEml: downloadEml(db, config, invoices),
        recordReply: recordReply(db, followReply(db, followers)),
        getReplies: replyEntity(db).list,
      }),
      implement(ChronologieServiceService, { list: chronologie(emailLines(db)) }),
    ];
  },
  mailSpec,
);

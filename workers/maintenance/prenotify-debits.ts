import { leftToPay, paymentVariables, reasonNotToMail, type MailTemplate } from '@crm/domain';
import { everyPage, orUndefined } from '@crm/kit';
import type { Prenotification } from '@crm/proto/payments/payments';
import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Prenotified, PrenotifyActivities } from '@crm/workflows/prenotify-debits';
import type { Services } from '../clients.ts';
import { toFailure } from '../rpc-failure.ts';

type Needed = Pick<Services, 'payments' | 'clients' | 'factures' | 'email'>;

/**
 * Tells clients of their debits by mail, one after the other, oldest first. A mail is for one payment and
 * date: if a run died after sending it, the next run records it and does not send it again. A refusal or a
 * failure does not stop the others; after a failure the activity fails in the end, and its next attempt
 * continues with what is left.
 * @param heartbeat reports that the run is alive
 */
export const prenotifyActivities = (
  services: Needed,
  heartbeat: (progress: Prenotified) => void = (progress) => Context.current().heartbeat(progress),
): PrenotifyActivities => ({
  async sendPrenotifications() {
    const counts: Prenotified = { told: 0, withoutAddress: 0, settled: 0, refused: 0 };
    const failures: Error[] = [];
    for await (const { prenotifications } of everyPage(services.payments.listPrenotifications)) {
      for (const one of prenotifications) {
        heartbeat(counts);
        try {
          counts[await tell(services, one)] += 1;
        } catch (error) {
          failures.push(error as Error);
        }
      }
    }
    if (failures.length > 0) throw failed(failures, counts);
    return counts;
  },
});

const failed = ([first, ...others]: Error[], { told }: Prenotified): Error =>
  ApplicationFailure.retryable(
    `${others.length + 1} could not be told of their debit, ${told} were; the first: ${first!.message}`,
    'PRENOTIFICATION',
  );

async function tell(services: Needed, debit: Prenotification): Promise<keyof Prenotified> {
  const { payments, clients, factures, email } = services;
  const { paymentId, organisationId, clientId, invoiceId, datePrevue } = debit;
  try {
    const client = await orUndefined(clients.get({ id: clientId }));
    if (!client || reasonNotToMail(client)) return 'withoutAddress';
    const facture = invoiceId ? await orUndefined(factures.get({ id: invoiceId })) : undefined;
    const montant = leftToPay(debit, facture);
    if (montant === 0n) return 'settled';
    const { creancierNom, creancierIcs, rum, ibanMasque } = debit;
    const mail = {
      ...{
        organisationId,
        clientId,
        destinataire: client.email,
        modele: 'prenotification' satisfies MailTemplate,
      },
      envoi: `prenotification/${paymentId}/${datePrevue}`,
      variables: {
        ...paymentVariables(client, { montant }, facture),
        ...{ creancierNom, creancierIcs, rum, ibanMasque, datePrelevement: datePrevue },
      },
    };
    await email.sendEmailWithTemplate(mail);
    await payments.marquerPrenotifie({ id: paymentId, datePrevue });
    return 'told';
  } catch (error) {
    const failure = toFailure(error);
    if (failure instanceof ApplicationFailure && failure.nonRetryable) return 'refused';
    throw failure;
  }
}

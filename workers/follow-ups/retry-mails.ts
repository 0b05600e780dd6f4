import { leftToPay, paymentVariables, readTruth, reasonNotToMail, type MailTemplate } from '@crm/domain';
import { orUndefined } from '@crm/kit';
import type { Payment } from '@crm/proto/payments/payments';
import { StatutRetry, StatutTentative, type RetrySchedule } from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { PaymentRetryActivities, PaymentRetryInput } from '@crm/workflows/payment-retry';
import type { RetryState } from '@crm/workflows/retry-state';
import type { Services } from '../clients.ts';

type Mails = Pick<PaymentRetryActivities, 'announceRetry' | 'prenotifyRetry' | 'tellOfRejection'>;

/**
 * The mails about retries. An attempt that was moved, made or stopped since the workflow read the schedule is
 * not announced.
 * @param now in milliseconds
 */
export function retryMails(services: Services, now: () => number): Mails {
  const { payments, retries } = services;
  return {
    async announceRetry({ state, ...input }) {
      const { scheduleId: id, paymentId } = input;
      const schedule = await retries.getSchedule({ id });
      const next = schedule.tentatives.find(({ statut }) => statut === StatutTentative.PREVUE);
      // a late attempt is made at once, so there is nothing to announce
      if (!isStillPlanned(schedule, state) || !next || schedule.prochaineAt!.getTime() <= now()) return;
      const { payment, obstacle } = await readTruth(services, paymentId, schedule.mandatId);
      if (obstacle) return;
      await mailOfRetry(services, input, payment, {
        modele: 'avant-reessai',
        key: `avant/${next.numero}/${state.prochaineAt!.slice(0, 10)}`,
        about: { dateReessai: state.prochaineAt! },
        toCome: true,
      });
    },

    async prenotifyRetry({ state, ...input }) {
      const { scheduleId: id, paymentId } = input;
      const schedule = await retries.getSchedule({ id });
      if (!isStillPlanned(schedule, state)) return;
      const { mandatId } = schedule;
      const { payment, obstacle } = await readTruth(services, paymentId, mandatId);
      if (obstacle) return;
      const { dateCollecte } = await retries.planCollecte({ id });
      const debit = await payments.getPrenotification({ id: paymentId, mandatId });
      const { creancierNom, creancierIcs, rum, ibanMasque } = debit;
      await mailOfRetry(services, input, payment, {
        modele: 'prenotification',
        // an attempt that is moved and moved back is announced again: the version in the key is that of the
        // move
        key: `prenotification/${mandatId}/${dateCollecte}/${state.version}`,
        about: { creancierNom, creancierIcs, rum, ibanMasque, datePrelevement: dateCollecte },
        toCome: true,
      });
    },

    async tellOfRejection({ state: { rejected, prochaineAt, statut }, ...input }) {
      const { tentatives, mandatId } = await retries.getSchedule({ id: input.scheduleId });
      const { payment, obstacle } = await readTruth(services, input.paymentId, mandatId);
      if (obstacle) return;
      const attempt = tentatives.find(({ numero }) => numero === rejected!.numero);
      const epuise = statut === 'EPUISE';
      await mailOfRetry(services, input, payment, {
        modele: epuise ? 'reessais-epuises' : 'reessai-echoue',
        // an attempt that was collected after all and then returned can be rejected a second time
        key: ['echec', rejected!.numero, rejected!.at].filter(Boolean).join('/'),
        about: {
          dateRejet: (payment.dateRejet ?? attempt?.updatedAt ?? new Date()).toISOString(),
          ...(!epuise && { prochaineDate: prochaineAt! }),
        },
      });
    },
  };
}

const isStillPlanned = ({ statut, prochaineAt }: RetrySchedule, seen: RetryState): boolean =>
  statut === StatutRetry.PLANIFIE && prochaineAt?.toISOString() === seen.prochaineAt;

/**
 * Sends a client a mail about the retries of a payment. Clients without an address, or with a refused one,
 * get none. Values are unformatted (cents, ISO 8601); the template formats them in French.
 * @param key identifies the mail among those of the payment: a repeat does not send it again, whatever its
 *   content
 * @param toCome the mail is about a future debit, which takes at most what is left of the invoice
 */
async function mailOfRetry(
  { clients, factures, email }: Services,
  { organisationId, paymentId }: PaymentRetryInput,
  payment: Payment,
  {
    modele,
    key,
    about,
    toCome = false,
  }: { modele: MailTemplate; key: string; about: Record<string, string>; toCome?: boolean },
): Promise<void> {
  const { clientId, invoiceId } = payment;
  const client = await orUndefined(clients.get({ id: clientId }));
  if (!client || reasonNotToMail(client)) return;
  const facture = invoiceId ? await orUndefined(factures.get({ id: invoiceId })) : undefined;
  const montantDu = leftToPay(payment, facture);
  const debit = { montant: toCome ? montantDu : payment.montant, montantDu };
  await email.sendEmailWithTemplate({
    organisationId,
    clientId,
    destinataire: client.email,
    modele,
    variables: { ...paymentVariables(client, debit, facture), ...about },
    envoi: `${retryWorkflowId(paymentId)}/${key}`,
  });
}

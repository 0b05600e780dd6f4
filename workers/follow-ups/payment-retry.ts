import { readTruth } from '@crm/domain';
import type { Payment } from '@crm/proto/payments/payments';
import {
  CommandeRetry,
  StatutRetry,
  StatutTentative,
  type RecordProgressRequest,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { PaymentRetryActivities, PaymentRetryInput } from '@crm/workflows/payment-retry';
import type { RetryState } from '@crm/workflows/retry-state';
import type { Services } from '../clients.ts';
import { checkMandate } from './check-mandate.ts';
import { decideDue, fateOf, obstacleToPresenting } from './decide-attempt.ts';
import { retryMails } from './retry-mails.ts';
import { retryState } from './retry-state.ts';
import { cutMotif } from '@crm/workflows/motif';

const COMMANDES = {
  cancel: CommandeRetry.CANCEL,
  replan: CommandeRetry.REPLAN,
  runNow: CommandeRetry.RUN_NOW,
  resume: CommandeRetry.RESUME,
  migrate: CommandeRetry.MIGRATE,
} as const;

type WithState = PaymentRetryInput & { state: RetryState };

/**
 * The activities of a payment's retries. A schedule is only changed if it still has the version that the
 * workflow has seen; the workflow then continues with whatever the schedule says.
 * @param now the clock to use, in milliseconds
 */
export function paymentRetryActivities(
  services: Services,
  now: () => number = Date.now,
): PaymentRetryActivities {
  const { payments, retries } = services;
  const key = ({ paymentId }: PaymentRetryInput, step: string) => ({
    metadata: { 'idempotency-key': `${retryWorkflowId(paymentId)}/${step}` },
  });
  const read = ({ scheduleId }: PaymentRetryInput) => retries.getSchedule({ id: scheduleId });
  const record = async (
    { scheduleId, state: { version } }: WithState,
    progress: Partial<RecordProgressRequest>,
  ): Promise<RetryState> =>
    retryState(await retries.recordProgress({ id: scheduleId, version, ...progress }));
  /** A rejection whose event has not arrived yet: recorded as its handler would do. */
  const recordRejection = async (schedule: RetrySchedule, payment: Payment): Promise<RetryState> => {
    const { organisationId, paymentId, clientId, invoiceId, montant } = schedule;
    const { motifRejet, tentative, dateRejet = new Date() } = payment;
    const rejection = { motifRejet, dateRejet, tentative };
    return retryState(
      await retries.createSchedule({ organisationId, paymentId, clientId, invoiceId, montant, ...rejection }),
    );
  };
  const submitted = async (input: WithState, payment: Payment): Promise<RetryState> => {
    const { dateCollecte, silenceAt } = await retries.planCollecte({
      id: input.scheduleId,
      dateCollecte: payment.datePrevue,
    });
    const statut = { statut: StatutRetry.EN_COURS, statutTentative: StatutTentative.SOUMISE };
    return await record(input, { ...statut, numero: input.state.numero, dateCollecte, silenceAt });
  };
  const collected = (input: WithState, motifFin: string) =>
    record(input, {
      statut: StatutRetry.ENCAISSE,
      numero: input.state.numero,
      statutTentative: StatutTentative.REUSSIE,
      motifFin,
    });
  return {
    readRetry: async (input) => retryState(await read(input)),

    ...retryMails(services, now),

    async submitRetry(input) {
      const schedule = await read(input);
      if (schedule.version !== input.state.version) return retryState(schedule);
      const { mandatId, version } = schedule;
      const truth = await readTruth(services, input.paymentId, mandatId);
      const due = decideDue(schedule, input.state, truth);
      if (due === 'stop') return await record(input, truth.obstacle!);
      const payment = truth.payment!;
      if (due === 'recordRejection') return await recordRejection(schedule, payment);
      if (due === 'recordSubmission') return await submitted(input, payment);
      const tentative = input.state.numero + 1;
      const { dateCollecte } = await retries.planCollecte({ id: input.scheduleId });
      const again = await payments.replanifier(
        { id: input.paymentId, tentative, datePrevue: dateCollecte, mandatId },
        // a payment that was collected after all and then returned reaches the same attempt again
        key(input, `tentative/${tentative}/${version}`),
      );
      return await submitted(input, again);
    },

    async checkRetry(input) {
      const { scheduleId, paymentId, state } = input;
      const payment = await payments.get({ id: paymentId });
      switch (fateOf(payment, state.numero)) {
        case 'collected':
          return await collected(input, 'nouvelle présentation payée');
        case 'rejected':
          return await recordRejection(await read(input), payment);
        case 'waits': {
          const obstacle = obstacleToPresenting(await readTruth(services, paymentId));
          if (!obstacle) return retryState(await read(input));
          const attempt = { numero: state.numero, statutTentative: StatutTentative.ABANDONNEE };
          return await record(input, { ...obstacle, ...attempt });
        }
        case 'withTheBank': {
          const dateCollecte = payment.datePrevue;
          const { silenceAt } = await retries.planCollecte({ id: scheduleId, dateCollecte });
          if (silenceAt!.getTime() > now()) return retryState(await read(input));
          // silence means collected: the payment is confirmed too, and its event follows
          const silence = key(input, `silence/${payment.tentative}/${state.version}`);
          await payments.confirm({ id: paymentId }, silence);
          return await collected(input, 'aucun retour de la banque dans les cinq jours ouvrés');
        }
        case 'elsewhere':
          return retryState(await read(input));
      }
    },

    async commandRetry({
      scheduleId,
      command: { name, who, why, at, mandatId, policyId, versionAttendue },
      commandId,
      ...input
    }) {
      if (name === 'resume') await checkMandate(services, input.paymentId, mandatId!);
      const command = {
        id: scheduleId,
        commande: COMMANDES[name],
        auteur: who,
        motif: why,
        commandeId: commandId,
        ...(at && { datePrevue: new Date(at) }),
        ...(mandatId && { mandatId }),
        ...(policyId && { policyId }),
        versionAttendue,
      };
      const commandKey = key({ scheduleId, ...input }, `commande/${commandId}`);
      return retryState(await retries.recordCommand(command, commandKey));
    },

    async abandonRetry({ scheduleId, motif }) {
      await retries.recordProgress({ id: scheduleId, statut: StatutRetry.ARRETE, motifFin: cutMotif(motif) });
    },
  };
}

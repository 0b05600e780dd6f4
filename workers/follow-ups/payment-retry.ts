import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import {
  CommandeRetry,
  Eligibilite,
  StatutRetry,
  StatutTentative,
  type RecordProgressRequest,
  type RetrySchedule,
} from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import type { PaymentRetryActivities, PaymentRetryInput, RetryState } from '@crm/workflows/payment-retry';
import type { Services } from '../clients.ts';
import { checkMandate } from './check-mandate.ts';
import { readTruth } from './payment-truth.ts';
import { mailOfRetry } from './retry-mails.ts';
import { retryState } from './retry-state.ts';

const COMMANDES = {
  cancel: CommandeRetry.CANCEL,
  replan: CommandeRetry.REPLAN,
  runNow: CommandeRetry.RUN_NOW,
  resume: CommandeRetry.RESUME,
  migrate: CommandeRetry.MIGRATE,
} as const;

type WithState = PaymentRetryInput & { state: RetryState };

/**
 * What the retries of a payment ask of the services. A schedule is only changed where it still has the version that
 * the workflow has seen; whatever it says afterwards is what the workflow goes on with.
 * @param now another clock than the machine's, in milliseconds
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
  /** A rejection whose event has not come yet: recorded as its handler would. */
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
  /**
   * Planned again and not presented yet: where something has come in between since, no Emit will ever take it. A client
   * that is blocked is no such thing: Emit presents that payment, and its answer is waited for.
   */
  const waiting = async (input: WithState): Promise<RetryState> => {
    const { obstacle } = await readTruth(services, input.paymentId);
    const blocked = obstacle?.eligibilite === Eligibilite.NOT_ELIGIBLE_CLIENT_BLOCKED;
    // collected meanwhile: the next check says so
    if (obstacle?.statut !== StatutRetry.ARRETE || blocked) return retryState(await read(input));
    const { numero } = input.state;
    return await record(input, { ...obstacle, numero, statutTentative: StatutTentative.ABANDONNEE });
  };
  return {
    readRetry: async (input) => retryState(await read(input)),

    async announceRetry(input) {
      const { prochaineAt, statut, tentatives, mandatId } = await read(input);
      const next = tentatives.find((attempt) => attempt.statut === StatutTentative.PREVUE);
      const planned = prochaineAt?.toISOString();
      // moved, made or stopped meanwhile, or late: there is nothing to announce, or not this
      if (statut !== StatutRetry.PLANIFIE || planned !== input.state.prochaineAt || !next) return;
      if (prochaineAt!.getTime() <= now()) return;
      const { payment, obstacle } = await readTruth(services, input.paymentId, mandatId);
      if (obstacle) return;
      await mailOfRetry(services, input, payment, {
        modele: 'avant-reessai',
        key: `avant/${next.numero}/${planned!.slice(0, 10)}`,
        about: { dateReessai: planned! },
        toCome: true,
      });
    },

    async prenotifyRetry(input) {
      const { prochaineAt, statut, mandatId } = await read(input);
      if (statut !== StatutRetry.PLANIFIE || prochaineAt?.toISOString() !== input.state.prochaineAt) return;
      const { payment, obstacle } = await readTruth(services, input.paymentId, mandatId);
      if (obstacle) return;
      const { dateCollecte } = await retries.planCollecte({ id: input.scheduleId });
      const debit = await payments.getPrenotification({ id: input.paymentId, mandatId });
      const { creancierNom, creancierIcs, rum, ibanMasque } = debit;
      await mailOfRetry(services, input, payment, {
        modele: 'prenotification',
        // moved and moved back, it is told of again: the version is that of the move
        key: `prenotification/${mandatId}/${dateCollecte}/${input.state.version}`,
        about: { creancierNom, creancierIcs, rum, ibanMasque, datePrelevement: dateCollecte },
        toCome: true,
      });
    },

    async tellOfRejection(input) {
      const { rejected, prochaineAt, statut } = input.state;
      const { tentatives, mandatId } = await read(input);
      const { payment, obstacle } = await readTruth(services, input.paymentId, mandatId);
      if (obstacle) return;
      const attempt = tentatives.find(({ numero }) => numero === rejected!.numero);
      const epuise = statut === 'EPUISE';
      await mailOfRetry(services, input, payment, {
        modele: epuise ? 'reessais-epuises' : 'reessai-echoue',
        // an attempt that was collected after all, and returned, is rejected a second time
        key: ['echec', rejected!.numero, rejected!.at].filter(Boolean).join('/'),
        about: {
          dateRejet: (payment.dateRejet ?? attempt?.updatedAt ?? new Date()).toISOString(),
          ...(!epuise && { prochaineDate: prochaineAt! }),
        },
      });
    },

    async submitRetry(input) {
      const schedule = await read(input);
      if (schedule.version !== input.state.version) return retryState(schedule);
      const { mandatId } = schedule;
      const { payment, obstacle } = await readTruth(services, input.paymentId, mandatId);
      if (obstacle) return await record(input, obstacle);
      const tentative = input.state.numero + 1;
      if (payment.tentative >= tentative && payment.statut === StatutPaiement.REJETE) {
        return await recordRejection(schedule, payment);
      }
      // planned already: by an attempt of this activity whose answer was lost, or by a person; one that was planned by a
      // mandate that was revoked meanwhile is planned by the other one
      const inVain = payment.statut === StatutPaiement.PLANIFIE && mandatId && payment.mandatId !== mandatId;
      if (payment.tentative >= tentative && !inVain) return await submitted(input, payment);
      const { dateCollecte } = await retries.planCollecte({ id: input.scheduleId });
      const again = await payments.replanifier(
        { id: input.paymentId, tentative, datePrevue: dateCollecte, mandatId },
        // a payment that was collected after all, and returned, comes to the same attempt again
        key(input, `tentative/${tentative}/${schedule.version}`),
      );
      return await submitted(input, again);
    },

    async checkRetry(input) {
      const payment = await payments.get({ id: input.paymentId });
      if (payment.statut === StatutPaiement.ENCAISSE)
        return await collected(input, 'nouvelle présentation payée');
      if (payment.statut === StatutPaiement.REJETE && payment.tentative > input.state.numero) {
        return await recordRejection(await read(input), payment);
      }
      if (payment.statut === StatutPaiement.PLANIFIE) return await waiting(input);
      if (payment.statut !== StatutPaiement.EMIS) return retryState(await read(input));
      const { silenceAt } = await retries.planCollecte({
        id: input.scheduleId,
        dateCollecte: payment.datePrevue,
      });
      if (silenceAt!.getTime() > now()) return retryState(await read(input));
      // silence means collected: the payment says so, too, and its event follows
      await payments.confirm(
        { id: input.paymentId },
        key(input, `silence/${payment.tentative}/${input.state.version}`),
      );
      return await collected(input, 'aucun retour de la banque dans les cinq jours ouvrés');
    },

    async commandRetry({
      scheduleId,
      command: { name, who, why, at, mandatId, policyId },
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
      };
      const commandKey = key({ scheduleId, ...input }, `commande/${commandId}`);
      return retryState(await retries.recordCommand(command, commandKey));
    },

    async abandonRetry({ scheduleId, motif }) {
      const motifFin = [...motif].slice(0, 500).join('');
      await retries.recordProgress({ id: scheduleId, statut: StatutRetry.ARRETE, motifFin });
    },
  };
}

import { CreatePolicyRequest, type Politique, type StatutRetry } from '@crm/proto/retry/retry';
import { retryWorkflowId } from '@crm/workflows/ids';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { unique } from '../../support/unique.ts';
import { until } from '../../support/until.ts';
import { DEBTOR, type Stage } from '../stage.ts';

/** What happens to the retries of one rejected payment, by the usual policy or one of its organisation. */
export async function retriedPayment(stage: Stage, politique?: Partial<Politique>) {
  const { retries } = stage.services;
  const whose = await stage.createClient();
  if (politique) {
    const { organisationId } = whose;
    const policy = CreatePolicyRequest.fromPartial({ organisationId, nom: 'La nôtre', politique });
    await retries.createPolicy(policy);
  }
  const { id } = await stage.planPayment(whose);
  const payment = retriesOf(stage, whose.clientId, id);
  await payment.reject();
  await payment.comesTo('PLANIFIE', 'n° 1');
  return payment;
}

/** A payment that its reason has stopped, and a new mandate of its client's. */
export async function stoppedPayment(stage: Stage) {
  const { mandats, retries } = stage.services;
  const { clientId, organisationId } = await stage.createClient();
  const { id } = await stage.planPayment({ clientId, organisationId });
  const payment = retriesOf(stage, clientId, id);
  await payment.reject({ motifRejet: 'AC04' });
  await until(
    `${id} to be stopped`,
    async () => (await retries.getSchedule({ id })).statut === 'ARRETE' || undefined,
  );
  const { id: mandatId } = await mandats.create({
    ...{ clientId, organisationId, ...DEBTOR, dateSignature: '2026-01-15' },
  });
  return { ...payment, mandatId };
}

/** What happens to the retries of a payment. */
function retriesOf(stage: Stage, clientId: string, id: string) {
  const { payments, retries, clients } = stage.services;
  const workflowId = retryWorkflowId(id);
  const reject = async (more = {}) => void (await payments.reject({ id, motifRejet: 'AM04', ...more }));
  const nudge = () => stage.temporal.workflow.getHandle(workflowId).signal(paymentRejectedSignal);
  /** Waits until the workflow has come to what the schedule says, and rests. */
  const comesTo = async (statut: StatutRetry, words: string) => {
    await until(
      `${workflowId} ${statut}`,
      async () => (await retries.getSchedule({ id })).statut === statut || undefined,
    );
    await stage.says(workflowId, words);
  };
  /** The planned instant is so much from now: "0 s", "2 days". */
  const plannedIn = async (interval: string) => {
    await stage.stack.sql(
      `UPDATE retry.schedules SET prochaine_at = now() + $2::interval, version = version + 1 WHERE payment_id = $1`,
      id,
      interval,
    );
    await nudge();
  };
  return {
    ...{ id, workflowId, payments, retries, reject, nudge, comesTo, plannedIn },
    /** The planned instant comes. */
    async itIsTime() {
      await plannedIn('0 s');
      await comesTo('EN_COURS', 'à la banque');
    },
    async isCollected() {
      await payments.confirm({ id });
      await nudge();
      await stage.completed(workflowId);
    },
    blockClient: () => clients.update({ id: clientId, bloque: true }),
  };
}

/** Retries whose schedule is not found when they read it. `comesBack` undoes that. */
export async function refusedRetries(stage: Stage) {
  const { id, workflowId, retries, nudge } = await retriedPayment(stage);
  const { id: scheduleId } = await retries.getSchedule({ id });
  const gone = unique('schedule');
  await stage.rename('retry.schedules', scheduleId, gone);
  await nudge();
  await stage.failed(workflowId, 'retry');
  return { workflowId, comesBack: () => stage.rename('retry.schedules', gone, scheduleId) };
}

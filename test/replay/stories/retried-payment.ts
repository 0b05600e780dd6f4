import { CreatePolicyRequest, type Politique, type StatutRetry } from '@crm/proto/retry/retry';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { unique } from '../../support/unique.ts';
import { until } from '../../support/until.ts';
import type { Stage } from '../stage.ts';

/** What happens to the retries of one rejected payment, by the usual policy or one of its organisation. */
export async function retriedPayment(stage: Stage, politique?: Partial<Politique>) {
  const { payments, retries, clients } = stage.services;
  const whose = await stage.createClient();
  if (politique) {
    const { organisationId } = whose;
    const policy = CreatePolicyRequest.fromPartial({ organisationId, nom: 'La nôtre', politique });
    await retries.createPolicy(policy);
  }
  const { id } = await stage.planPayment(whose);
  const workflowId = `retry/${id}`;
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
  await reject();
  await comesTo('PLANIFIE', 'n° 1');
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
    blockClient: () => clients.update({ id: whose.clientId, bloque: true }),
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

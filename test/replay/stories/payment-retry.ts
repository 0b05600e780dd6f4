import { CreatePolicyRequest, type Politique, type StatutRetry } from '@crm/proto/retry/retry';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { unique } from '../../support/unique.ts';
import { until } from '../../support/until.ts';
import type { Stage, Story } from '../stage.ts';

/** What happens to the retries of one rejected payment, by the usual policy or one of its organisation. */
async function retriedPayment(stage: Stage, politique?: Partial<Politique>) {
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
async function refused(stage: Stage) {
  const { id, workflowId, retries, nudge } = await retriedPayment(stage);
  const { id: scheduleId } = await retries.getSchedule({ id });
  const gone = unique('schedule');
  await stage.rename('retry.schedules', scheduleId, gone);
  await nudge();
  await stage.failed(workflowId, 'retry');
  return { workflowId, comesBack: () => stage.rename('retry.schedules', gone, scheduleId) };
}

export const PAYMENT_RETRY_STORIES: Story[] = [
  {
    cases: ['paymentRetry/waiting', 'paymentRetry/with-the-bank', 'paymentRetry/collected-after-two'],
    async play(stage, keep) {
      const payment = await retriedPayment(stage);
      await keep('paymentRetry/waiting', payment.workflowId);
      await payment.itIsTime();
      await keep('paymentRetry/with-the-bank', payment.workflowId);
      await payment.reject();
      await payment.comesTo('PLANIFIE', 'n° 2');
      await payment.itIsTime();
      await payment.isCollected();
      await keep('paymentRetry/collected-after-two', payment.workflowId);
    },
  },
  {
    cases: ['paymentRetry/replanned', 'paymentRetry/cancelled'],
    async play(stage, keep) {
      const { id, workflowId, retries } = await retriedPayment(stage);
      const { prochaineAt } = await retries.getSchedule({ id });
      const datePrevue = new Date(prochaineAt!.getTime() + 86_400_000).toISOString().slice(0, 10);
      await retries.replanSchedule({ id, datePrevue, motif: 'salaire le lendemain' });
      await keep('paymentRetry/replanned', workflowId);
      await retries.cancelSchedule({ id, motif: 'accord avec le client' });
      await stage.completed(workflowId);
      await keep('paymentRetry/cancelled', workflowId);
    },
  },
  {
    cases: ['paymentRetry/collected', 'paymentRetry/returned'],
    async play(stage, keep) {
      const { workflowId, itIsTime, isCollected, reject } = await retriedPayment(stage);
      await itIsTime();
      await isCollected();
      await keep('paymentRetry/collected', workflowId);
      await reject({ retourBancaire: true });
      await stage.says(workflowId, 'n° 2'); // another run
      await keep('paymentRetry/returned', workflowId);
    },
  },
  {
    cases: ['paymentRetry/collected-by-silence'],
    async play(stage, keep) {
      const { id, workflowId, itIsTime, nudge } = await retriedPayment(stage);
      await itIsTime();
      const emitted = `UPDATE payments.payments SET statut = 'EMIS', date_prevue = '2026-03-09' WHERE id = $1`;
      await stage.stack.sql(emitted, id);
      await nudge();
      await stage.completed(workflowId);
      await keep('paymentRetry/collected-by-silence', workflowId);
    },
  },
  {
    cases: ['paymentRetry/exhausted'],
    async play(stage, keep) {
      const { workflowId, itIsTime, reject } = await retriedPayment(stage, {
        delaisJours: [5],
        maxTentatives: 1,
      });
      await itIsTime();
      await reject();
      await stage.completed(workflowId);
      await keep('paymentRetry/exhausted', workflowId);
    },
  },
  {
    cases: ['paymentRetry/announced'],
    async play(stage, keep) {
      const { workflowId, plannedIn } = await retriedPayment(stage);
      await stage.sleeps(workflowId, 1);
      await plannedIn('2 days 3 s');
      await stage.sleeps(workflowId, 3);
      await stage.hasDone(workflowId, 3); // read twice, announced once
      await keep('paymentRetry/announced', workflowId);
    },
  },
  {
    cases: [
      'paymentRetry/run-now',
      'paymentRetry/run-now-with-the-bank',
      'paymentRetry/cancelled-with-the-bank',
    ],
    async play(stage, keep) {
      const { id, workflowId, retries, plannedIn, comesTo } = await retriedPayment(stage);
      const { statut } = await retries.runNow({ id, motif: 'le client a été crédité' });
      await keep('paymentRetry/run-now', workflowId);
      // at the next cutoff, unless it is before one
      if (statut === 'PLANIFIE') await plannedIn('0 s');
      await comesTo('EN_COURS', 'à la banque');
      await keep('paymentRetry/run-now-with-the-bank', workflowId);
      await retries.cancelSchedule({ id, motif: 'accord avec le client' });
      await stage.completed(workflowId);
      await keep('paymentRetry/cancelled-with-the-bank', workflowId);
    },
  },
  {
    cases: ['paymentRetry/cancelled-while-waiting'],
    async play(stage, keep) {
      const { id, workflowId, retries } = await retriedPayment(stage);
      await retries.cancelSchedule({ id, motif: 'accord avec le client' });
      await stage.completed(workflowId);
      await keep('paymentRetry/cancelled-while-waiting', workflowId);
    },
  },
  {
    cases: ['paymentRetry/client-blocked'],
    async play(stage, keep) {
      const { workflowId, blockClient, plannedIn } = await retriedPayment(stage);
      await blockClient();
      await plannedIn('0 s');
      await stage.completed(workflowId);
      await keep('paymentRetry/client-blocked', workflowId);
    },
  },
  {
    cases: ['paymentRetry/failed-open', 'paymentRetry/redriven'],
    async play(stage, keep) {
      const { workflowId, comesBack } = await refused(stage);
      await keep('paymentRetry/failed-open', workflowId);
      await comesBack();
      await stage.redrive(workflowId);
      await stage.sleeps(workflowId, 3); // one of them for the operator's word
      await keep('paymentRetry/redriven', workflowId);
    },
  },
  {
    cases: ['paymentRetry/skipped-by-operator'],
    async play(stage, keep) {
      const { workflowId, comesBack } = await refused(stage);
      await comesBack();
      await stage.skip(workflowId);
      await stage.completed(workflowId);
      await keep('paymentRetry/skipped-by-operator', workflowId);
    },
  },
];

import { PaymentServiceService } from '@crm/proto/payments/payments';
import { RetryAdminServiceService, type StatutRetry } from '@crm/proto/retry/retry';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { until } from '../support/until.ts';
import type { Stage, Story } from './stories.ts';

/** What happens to the retries of one rejected payment. */
async function retriedPayment({ stack, temporal, createClient }: Stage) {
  const payments = stack.client('payments', PaymentServiceService);
  const retries = stack.client('retry', RetryAdminServiceService);
  const client = await createClient();
  const { organisationId, id: clientId } = client;
  const { id } = await payments.create({ organisationId, clientId, montant: 75_000n });
  const workflowId = `retry/${id}`;
  const reject = async () => void (await payments.reject({ id, motifRejet: 'AM04' }));
  const nudge = () => temporal.workflow.getHandle(workflowId).signal(paymentRejectedSignal);
  /** Waits until the workflow has come to what the schedule says, and rests. */
  const comesTo = (statut: StatutRetry, words: string) =>
    until(`${workflowId} ${statut}`, async () => {
      if ((await retries.getSchedule({ id })).statut !== statut) return false;
      const handle = temporal.workflow.getHandle(workflowId);
      const { currentDetails = '' } = await handle.query<{ currentDetails?: string }>(
        '__temporal_workflow_metadata',
      );
      return currentDetails.includes(words);
    });
  await reject();
  await comesTo('PLANIFIE', 'n° 1');
  return {
    ...{ id, workflowId, payments, retries, reject, nudge, comesTo },
    /** The planned instant comes. */
    async itIsTime() {
      await stack.sql(
        `UPDATE retry.schedules SET prochaine_at = now(), version = version + 1 WHERE payment_id = $1`,
        id,
      );
      await nudge();
      await comesTo('EN_COURS', 'à la banque');
    },
  };
}

/** The retries of rejected payments. */
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
      await payment.payments.confirm({ id: payment.id });
      await payment.nudge();
      await stage.completed(payment.workflowId);
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
];

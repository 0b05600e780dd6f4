import { UpdatePolicyRequest } from '@crm/proto/retry/retry';
import type { Story } from '../stage.ts';
import { refusedRetries, retriedPayment, stoppedPayment } from './retried-payment.ts';

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
    cases: ['paymentRetry/migrated', 'paymentRetry/migrated-with-the-bank'],
    async play(stage, keep) {
      const { id, workflowId, retries, itIsTime } = await retriedPayment(stage, { delaisJours: [5, 10] });
      const { organisationId } = await retries.getSchedule({ id });
      const [policy] = (await retries.listPolicies({ organisationId })).policies;
      const days = (...delaisJours: number[]) =>
        retries.updatePolicy(UpdatePolicyRequest.fromPartial({ id: policy!.id, politique: { delaisJours } }));
      await days(7, 14);
      await retries.migrateSchedule({ id, motif: 'nouvelle politique' });
      await stage.sleeps(workflowId, 2);
      await keep('paymentRetry/migrated', workflowId);
      await itIsTime();
      await days(7, 21);
      await retries.migrateSchedule({ id, motif: 'nouvelle politique' });
      await stage.says(workflowId, 'à la banque');
      await keep('paymentRetry/migrated-with-the-bank', workflowId);
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
      const { workflowId, comesBack } = await refusedRetries(stage);
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
      const { workflowId, comesBack } = await refusedRetries(stage);
      await comesBack();
      await stage.skip(workflowId);
      await stage.completed(workflowId);
      await keep('paymentRetry/skipped-by-operator', workflowId);
    },
  },
  {
    cases: ['paymentRetry/resumed', 'paymentRetry/resumed-and-collected'],
    async play(stage, keep) {
      const { id, workflowId, retries, mandatId, itIsTime, isCollected } = await stoppedPayment(stage);
      await retries.resumeWithMandate({ id, mandatId, motif: 'nouveau mandat signé' });
      await stage.sleeps(workflowId, 1);
      await keep('paymentRetry/resumed', workflowId);
      await itIsTime();
      await isCollected();
      await keep('paymentRetry/resumed-and-collected', workflowId);
    },
  },
  {
    cases: ['paymentRetry/resumed-and-prenotified'],
    async play(stage, keep) {
      const { id, workflowId, retries, mandatId, itIsTime, reject, comesTo } = await stoppedPayment(stage);
      await retries.resumeWithMandate({ id, mandatId, motif: 'nouveau mandat signé' });
      await stage.sleeps(workflowId, 1);
      await itIsTime(); // moved: told of again
      await reject();
      await comesTo('PLANIFIE', 'n° 2');
      await keep('paymentRetry/resumed-and-prenotified', workflowId);
    },
  },
  {
    cases: ['paymentRetry/resume-refused'],
    async play(stage, keep) {
      const { id, workflowId, retries } = await stoppedPayment(stage);
      await retries.resumeWithMandate({ id, mandatId: 'inconnu' }).catch(() => {});
      await stage.completed(workflowId);
      await keep('paymentRetry/resume-refused', workflowId);
    },
  },
];

import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import { AMOUNT } from '../../support/ground.ts';
import type { Stage, Story } from '../stage.ts';

/** Has a payment rejected; answers the id of the event that tells of it. */
async function reject({ createClient, issueInvoice, planPayment, services }: Stage) {
  const whose = await createClient();
  const invoice = await issueInvoice(whose);
  const { id } = await planPayment(whose, { invoiceId: invoice.id });
  const { tentative } = await services.payments.reject({ id, motifRejet: 'AM04' });
  return eventIdOf('payment.rejected', [id, String(tentative), '1']);
}

/** The event of a client that no service knows. */
async function unknownClient({ publishEvent, failed }: Stage) {
  const clientId = randomUUID();
  const rejected = { paymentId: randomUUID(), scheduleId: '', invoiceId: '', montant: AMOUNT };
  const eventId = await publishEvent('payment.rejected', {
    ...{ ...rejected, clientId, organisationId: 'org-1' },
    ...{ motifRejet: 'AM04', dateRejet: new Date(), tentative: 1 },
  });
  await failed(eventId, 'email');
  return { clientId, eventId };
}

export const PAYMENT_REJECTED_STORIES: Story[] = [
  {
    cases: ['paymentRejected/all-done'],
    async play(stage, keep) {
      const eventId = await reject(stage);
      await stage.completed(eventId);
      await keep('paymentRejected/all-done', eventId);
    },
  },
  {
    // a person decides: no retry, no mail; no invoice; nobody looks after the money
    cases: ['paymentRejected/all-skipped'],
    async play({ createClient, planPayment, services, completed }, keep) {
      const { id } = await planPayment(await createClient({}, { hasFinance: false }));
      await services.payments.reject({ id, motifRejet: 'MD06' });
      const eventId = eventIdOf('payment.rejected', [id, '1', '1']);
      await completed(eventId);
      await keep('paymentRejected/all-skipped', eventId);
    },
  },
  {
    cases: ['paymentRejected/retrying', 'paymentRejected/retried'],
    async play(stage, keep) {
      const { platform } = stage.stack;
      await platform.stop('mail');
      const eventId = await reject(stage);
      await stage.retries(eventId);
      await keep('paymentRejected/retrying', eventId);
      await platform.start('mail');
      await stage.completed(eventId);
      await keep('paymentRejected/retried', eventId);
    },
  },
  {
    cases: ['paymentRejected/failed-open', 'paymentRejected/skipped-by-operator'],
    async play(stage, keep) {
      const { eventId } = await unknownClient(stage);
      await keep('paymentRejected/failed-open', eventId);
      await stage.skip(eventId);
      await stage.completed(eventId);
      await keep('paymentRejected/skipped-by-operator', eventId);
    },
  },
  {
    cases: ['paymentRejected/redriven'],
    async play(stage, keep) {
      const { clientId, eventId } = await unknownClient(stage);
      const known = await stage.createClient();
      await stage.rename('clients.clients', known.clientId, clientId);
      await stage.redrive(eventId);
      await stage.completed(eventId);
      await keep('paymentRejected/redriven', eventId);
    },
  },
];

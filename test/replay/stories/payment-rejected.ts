import { eventIdOf } from '@crm/kit';
import { randomUUID } from 'node:crypto';
import { AMOUNT } from '../../support/ground.ts';
import type { Stage, Story } from '../stage.ts';
import { failedEventStories, retriedEventStory } from './troubled-events.ts';

/** Has a payment rejected; answers the id of the event that tells of it. */
async function reject({ createClient, issueInvoice, planPayment, services }: Stage) {
  const whose = await createClient();
  const invoice = await issueInvoice(whose);
  const { id } = await planPayment(whose, { invoiceId: invoice.id });
  const { tentative } = await services.payments.reject({ id, motifRejet: 'AM04' });
  return eventIdOf('payment.rejected', [id, String(tentative), '1']);
}

/** The event of a client that no service knows. */
async function unknownClient(stage: Stage) {
  const { publishEvent, failed } = stage;
  const clientId = randomUUID();
  const rejected = { paymentId: randomUUID(), scheduleId: '', invoiceId: '', montant: AMOUNT };
  const eventId = await publishEvent('payment.rejected', {
    ...{ ...rejected, clientId, organisationId: 'org-1' },
    ...{ motifRejet: 'AM04', dateRejet: new Date(), tentative: 1 },
  });
  await failed(eventId, 'email');
  const becomesKnown = async () =>
    stage.rename('clients.clients', (await stage.createClient()).clientId, clientId);
  return { eventId, becomesKnown };
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
  retriedEventStory('paymentRejected', 'mail', async (stage) => () => reject(stage)),
  ...failedEventStories('paymentRejected', unknownClient),
];

import { eventIdOf } from '@crm/kit';
import type { Payment } from '@crm/proto/payments/payments';
import { randomUUID } from 'node:crypto';
import type { Stage, Story } from '../stage.ts';
import { failedEventStories, retriedEventStory } from './troubled-events.ts';

/** A collected payment of an invoice and a contract; or, of a client who has neither, of nothing. */
async function collect(stage: Stage, { ofNothing = false } = {}) {
  const whose = await stage.createClient({}, { hasFinance: !ofNothing });
  const of = async () => ({
    invoiceId: (await stage.issueInvoice(whose)).id,
    contratId: (await stage.draftContract(whose)).id,
  });
  const { id } = await stage.planPayment(whose, ofNothing ? {} : await of());
  const payment = await stage.services.payments.confirm({ id });
  const eventId = eventIdOf('payment.received', [id, String(payment.tentative), '1']);
  await stage.completed(eventId);
  return { payment, eventId };
}

/** The event of a payment as if it were another. */
const publishAs = ({ publishEvent }: Stage, payment: Payment, paymentId: string) => {
  const { scheduleId, invoiceId, organisationId, clientId, montant, dateReception } = payment;
  const whose = { scheduleId, invoiceId, organisationId, clientId };
  return publishEvent('payment.received', { paymentId, ...whose, montant, dateReception });
};

/** The event of a payment that the payments service does not know. */
async function unknownPayment(stage: Stage) {
  const { payment } = await collect(stage);
  const paymentId = randomUUID();
  const eventId = await publishAs(stage, payment, paymentId);
  await stage.failed(eventId, 'commission');
  return { eventId, becomesKnown: () => stage.rename('payments.payments', payment.id, paymentId) };
}

export const PAYMENT_RECEIVED_STORIES: Story[] = [
  {
    cases: ['paymentReceived/all-done'],
    async play(stage, keep) {
      await keep('paymentReceived/all-done', (await collect(stage)).eventId);
    },
  },
  {
    cases: ['paymentReceived/of-nothing'],
    async play(stage, keep) {
      await keep('paymentReceived/of-nothing', (await collect(stage, { ofNothing: true })).eventId);
    },
  },
  retriedEventStory('paymentReceived', 'services', async (stage) => {
    const { payment } = await collect(stage);
    return () => publishAs(stage, payment, payment.id);
  }),
  ...failedEventStories('paymentReceived', unknownPayment),
];

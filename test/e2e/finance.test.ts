import { eventIdOf } from '@crm/kit';
import { publish } from '@crm/nats';
import { DashboardKpisServiceService } from '@crm/proto/dashboard/dashboard';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentReceivedEvent } from '@crm/proto/events/payment_events';
import { NotificationServiceService } from '@crm/proto/notifications/notifications';
import { OrganisationServiceService } from '@crm/proto/organisations/organisations';
import { subjectOf, type EventType } from '@crm/workflows/events';
import { randomUUID } from 'node:crypto';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';

const stack = sharedStack();
const kpis = stack.client('dashboard', DashboardKpisServiceService);
const notifications = stack.client('notifications', NotificationServiceService);
const organisations = stack.client('organisations', OrganisationServiceService);

afterAll(() => stack.close());

/** An organisation with two people in its finance team. Events name it by its code. */
async function organisation() {
  const finance = [unique('finance'), unique('finance')];
  const { code } = await organisations.create({ nom: 'Payée', code: unique('org'), financeIds: finance });
  return { organisationId: code, finance };
}

/** The notifications of a user, once there are any. */
const told = (utilisateurId: string) =>
  until(`notifications of ${utilisateurId}`, async () => {
    const found = await notifications.getNotificationsByUser({ utilisateurId });
    return found.notifications.length > 0 && found.notifications;
  });

const common = (eventType: EventType, fact: string) => ({
  eventId: eventIdOf(eventType, [fact]),
  timestamp: new Date(),
  correlationId: randomUUID(),
});

const send = async (eventType: EventType, bytes: Uint8Array) =>
  await publish(await stack.nats(), subjectOf(eventType), randomUUID(), bytes);

test('an invoice is told once to each of the finance team, and counted once', async () => {
  const { organisationId, finance } = await organisation();
  const invoiceId = randomUUID();
  const event = InvoiceCreatedEvent.fromPartial({
    ...common('invoice.created', invoiceId),
    invoiceId,
    organisationId,
    clientId: unique('client'),
    montant: 123_456n,
    dateFacture: '2026-05-15',
    dateEcheance: '2026-06-14',
  });
  const bytes = InvoiceCreatedEvent.encode(event).finish();
  await Promise.all([send('invoice.created', bytes), send('invoice.created', bytes)]);
  for (const user of finance) {
    const [notification, ...more] = await told(user);
    expect(more).toEqual([]);
    expect(notification).toMatchObject({
      organisationId,
      type: 'invoice.created',
      titre: 'Nouvelle facture',
      message: `Facture ${invoiceId} de 1\u00a0234,56\u00a0€ du 15 mai 2026, échue le 14 juin 2026 (client ${event.clientId}).`,
      reference: invoiceId,
    });
  }
  const figures = await until('the revenue', async () => {
    const found = await kpis.getKpis({ organisationId, du: '2026-05-15', au: '2026-05-15' });
    return found.nombreFactures > 0n && found;
  });
  expect(figures).toMatchObject({ nombreFactures: 1n, chiffreAffaires: 123_456n });
});

test('a payment is told once to each of the finance team, and counted once', async () => {
  const { organisationId, finance } = await organisation();
  const paymentId = randomUUID();
  const event = PaymentReceivedEvent.fromPartial({
    ...common('payment.received', paymentId),
    paymentId,
    organisationId,
    clientId: unique('client'),
    montant: 75_000n,
    dateReception: new Date('2026-03-09T10:00:00Z'),
  });
  const bytes = PaymentReceivedEvent.encode(event).finish();
  await Promise.all([send('payment.received', bytes), send('payment.received', bytes)]);
  for (const user of finance) {
    const received = await told(user);
    expect(received.map(({ type, message, reference }) => ({ type, message, reference }))).toEqual([
      {
        type: 'payment.received',
        message: `Encaissement de 750,00\u00a0€ le 9 mars 2026 (sans facture, client ${event.clientId}).`,
        reference: paymentId,
      },
    ]);
  }
  const figures = await until('the cash', async () => {
    const found = await kpis.getKpis({ organisationId, du: '2026-03-09', au: '2026-03-09' });
    return found.encaissements > 0n && found;
  });
  expect(figures.encaissements).toBe(75_000n);
});

import { ClientCreatedEvent } from '@crm/proto/events/client_events';
import { ContractSignedEvent } from '@crm/proto/events/contract_events';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentReceivedEvent, PaymentRejectedEvent } from '@crm/proto/events/payment_events';
import { event, type CommonFields, type EventDefinition, type Handler } from './event-table.ts';

/**
 * Every event: its message, its fact, its handlers. Subjects, workflow types, activities, the bridge and
 * idempotency keys derive from this table. To add an event or a handler, begin here.
 */
export const events = {
  'client.created': event({
    message: ClientCreatedEvent,
    publishers: ['clients.ClientBaseService/Create'],
    fact: ({ clientId }) => [clientId],
    summary: ({ clientId }) => `Nouveau client ${clientId}`,
    handlers: {
      email: { activity: 'sendWelcomeEmail' },
      notifications: { activity: 'notifyAccountManager' },
      dashboard: { activity: 'countNewClient' },
      relance: { activity: 'startFirstFollowUp' },
    },
  }),
  'invoice.created': event({
    message: InvoiceCreatedEvent,
    publishers: ['factures.InvoiceService/Create'],
    fact: ({ invoiceId }) => [invoiceId],
    summary: ({ invoiceId }) => `Nouvelle facture ${invoiceId}`,
    handlers: {
      email: { activity: 'sendInvoiceEmail' },
      notifications: { activity: 'notifyFinanceOfInvoice' },
      dashboard: { activity: 'countRevenue' },
      relance: { activity: 'startInvoiceReminder' },
    },
  }),
  'payment.received': event({
    message: PaymentReceivedEvent,
    publishers: ['payments.PaymentService/Confirm', 'payments.PaymentService/ImportBankReport'],
    fact: ({ paymentId }) => [paymentId],
    summary: ({ paymentId }) => `Paiement ${paymentId} encaissé`,
    handlers: {
      notifications: { activity: 'notifyFinanceOfPayment' },
      relance: { activity: 'settleInvoiceReminder' },
      dashboard: { activity: 'countCashFlow' },
      commission: { activity: 'computeCommission' },
    },
  }),
  'payment.rejected': event({
    message: PaymentRejectedEvent,
    publishers: ['payments.PaymentService/Reject', 'payments.PaymentService/ImportBankReport'],
    fact: ({ paymentId }) => [paymentId],
    summary: ({ paymentId, motifRejet }) => `Paiement ${paymentId} rejeté (${motifRejet})`,
    handlers: {
      retry: { activity: 'queuePaymentRetry' },
      relance: { activity: 'rearmInvoiceReminder' },
      notifications: { activity: 'alertFinanceOfRejection' },
      email: { activity: 'sendRejectionEmail' },
    },
  }),
  'contract.signed': event({
    message: ContractSignedEvent,
    publishers: ['contrats.ContratService/Create', 'contrats.ContratService/Signer'],
    fact: ({ contratId }) => [contratId],
    summary: ({ contratId }) => `Contrat ${contratId} signé`,
    handlers: {
      payments: { activity: 'createPaymentSchedule' },
      email: { activity: 'sendContractConfirmation' },
      documents: { activity: 'archiveSignedContract' },
    },
  }),
};

export type Events = typeof events;
/** `client.created`, … */
export type EventType = keyof Events;
/** The message of an event. */
export type EventOf<T extends EventType> = ReturnType<Events[T]['message']['decode']>;
/** The fields of an event, without the three that the platform fills in. */
export type EventFields<T extends EventType> = Omit<EventOf<T>, keyof CommonFields>;
/** The names of an event's handlers. */
export type HandlerName<T extends EventType> = Extract<keyof Events[T]['handlers'], string>;

export const eventTypes = Object.keys(events) as EventType[];

/** An event of the table by its name. */
export const definitionOf = (eventType: EventType) =>
  events[eventType] as unknown as EventDefinition<CommonFields, Record<string, Handler>>;

/** The NATS subject of an event: `crm.events.client.created`. */
export const subjectOf = (eventType: EventType): string => `crm.events.${eventType}`;

/** The workflow type of an event: `clientCreated`. */
export const workflowTypeOf = (eventType: EventType): string =>
  eventType.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase());

/** The event of a NATS subject, if there is one. */
export const eventTypeOf = (subject: string): EventType | undefined =>
  eventTypes.find((eventType) => subjectOf(eventType) === subject);

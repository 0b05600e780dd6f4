import { ClientCreatedEvent } from '@crm/proto/events/client_events';
import { event, PATIENT, type CommonFields } from './event-table.ts';

/**
 * Every event: its message, the fact it tells, its handlers. Subjects, workflow types, activities, the bridge and
 * idempotency keys derive from this table; adding an event or a handler begins here.
 */
export const events = {
  'client.created': event({
    message: ClientCreatedEvent,
    fact: ({ clientId }) => [clientId],
    summary: ({ clientId }) => `Nouveau client ${clientId}`,
    handlers: {
      email: { activity: 'sendWelcomeEmail', retry: PATIENT },
      notifications: { activity: 'notifyAccountManager', retry: PATIENT },
      dashboard: { activity: 'countNewClient', retry: PATIENT },
      relance: { activity: 'startFirstFollowUp', retry: PATIENT },
    },
  }),
};

export type Events = typeof events;
/** `client.created`, … */
export type EventType = keyof Events;
/** The message of an event. */
export type EventOf<T extends EventType> = ReturnType<Events[T]['message']['decode']>;
/** What an event says beside the three fields that the platform fills in. */
export type EventFields<T extends EventType> = Omit<EventOf<T>, keyof CommonFields>;
/** The names of an event's handlers. */
export type HandlerName<T extends EventType> = Extract<keyof Events[T]['handlers'], string>;

export const eventTypes = Object.keys(events) as EventType[];

/** The NATS subject of an event: `crm.events.client.created`. */
export const subjectOf = (eventType: EventType): string => `crm.events.${eventType}`;

/** The workflow type of an event: `clientCreated`. */
export const workflowTypeOf = (eventType: EventType): string =>
  eventType.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase());

/** The event of a NATS subject, if there is one. */
export const eventTypeOf = (subject: string): EventType | undefined =>
  eventTypes.find((eventType) => subjectOf(eventType) === subject);

import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { inContext } from '@crm/kit';
import { definitionOf, eventTypes, type EventType } from '@crm/workflows/events';
import type { CommonFields } from '@crm/workflows/event-table';
import type { HandlerContext, Handlers, Outcome } from '@crm/workflows/handler-activities';
import type { Services } from '../clients.ts';
import { withFailures } from '../rpc-failure.ts';
import { commissionHandlers } from './commission.ts';
import { dashboardHandlers } from './dashboard.ts';
import { documentsHandlers } from './documents.ts';
import { emailHandlers } from './email.ts';
import { notificationsHandlers } from './notifications.ts';
import { paymentsHandlers } from './payments.ts';
import { relanceHandlers } from './relance.ts';
import { retryHandlers } from './retry.ts';

/** The longest duration of a call in the first, local attempt. Later attempts have more time. */
const FIRST_DEADLINE_MS = 2_000;
const DEADLINE_MS = 10_000;

/** Every handler of every event by activity name. A missing one does not compile. */
const allHandlers = (services: Services, temporal: Client): Handlers => ({
  ...commissionHandlers(services),
  ...dashboardHandlers(services),
  ...documentsHandlers(services),
  ...emailHandlers(services),
  ...notificationsHandlers(services),
  ...paymentsHandlers(services),
  ...relanceHandlers(services, temporal),
  ...retryHandlers(services, temporal),
});

type Activity = (json: unknown) => Promise<Outcome>;
type AnyHandler = (event: CommonFields, context: HandlerContext) => Promise<Outcome>;

/** The handlers as Temporal activities. Each takes its event as JSON. */
export function handlerActivities(services: Services, temporal: Client): Record<string, Activity> {
  const handlers = allHandlers(services, temporal) as unknown as Record<string, AnyHandler>;
  const activities: Record<string, Activity> = {};
  for (const eventType of eventTypes) {
    for (const [name, { activity }] of Object.entries(definitionOf(eventType).handlers)) {
      activities[activity] = toActivity(eventType, name, handlers[activity]!);
    }
  }
  return withFailures(activities);
}

const toActivity =
  (eventType: EventType, handler: string, handle: AnyHandler): Activity =>
  async (json) => {
    const event = definitionOf(eventType).message.fromJSON(json);
    const { eventId, correlationId, timestamp } = event;
    const context: HandlerContext = {
      deadlineMs: Context.current().info.isLocal ? FIRST_DEADLINE_MS : DEADLINE_MS,
      metadata: {
        'idempotency-key': `${eventId}/${handler}`,
        'event-type': eventType,
        'event-timestamp': timestamp!.toISOString(),
      },
    };
    return await inContext({ correlationId, eventId }, () => handle(event, context));
  };

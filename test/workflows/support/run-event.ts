import { randomUUID } from 'node:crypto';
import {
  definitionOf,
  type Events,
  workflowTypeOf,
  type EventFields,
  type EventType,
} from '@crm/workflows/events';
import { runWorkflow, type Fake, type Run } from './run-workflow.ts';

/**
 * Runs the workflow of an event. Handlers succeed, answering their activity's name, but for those with a fake.
 * @param handlers fakes by the name of the handler
 */
export async function runEvent<T extends EventType>(
  eventType: T,
  fields: EventFields<T>,
  handlers: Partial<Record<keyof Events[T]['handlers'], Fake>>,
  look: (run: Run) => Promise<void>,
): Promise<void> {
  const { message, handlers: table } = definitionOf(eventType);
  const eventId = randomUUID();
  const common = { eventId, correlationId: randomUUID(), timestamp: new Date() };
  const activities = Object.entries(table).map(([name, { activity }]): [string, Fake] => [
    activity,
    (handlers as Record<string, Fake>)[name] ?? (() => ({ done: activity })),
  ]);
  await runWorkflow(
    {
      workflowType: workflowTypeOf(eventType),
      workflowId: eventId,
      input: () => message.toJSON(message.fromPartial({ ...common, ...fields })) as object,
      activities: Object.fromEntries(activities),
    },
    look,
  );
}

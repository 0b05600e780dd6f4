import { randomUUID } from 'node:crypto';
import {
  definitionOf,
  type Events,
  workflowTypeOf,
  type EventFields,
  type EventType,
} from '@crm/workflows/events';
import type { Outcome } from '@crm/workflows/handler-activities';
import { runWorkflow, type Attempt, type Fake, type Run } from './run-workflow.ts';

/** Fakes by the name of the handler. */
export type Handlers<T extends EventType> = Partial<Record<keyof Events[T]['handlers'], Fake>>;

/** A run that has come to its end. */
export type Ended<T extends EventType> = {
  /** The outcome of each handler. */
  outcomes: Record<keyof Events[T]['handlers'], Outcome>;
  /** Every attempt of every handler, in order. */
  attempts: Attempt[];
};

/**
 * Runs the workflow of an event to its end on a skipping clock. Handlers succeed and return their activity's
 * name, except for those with a fake. `attempts` has what each was given, and when. Omitted fields are empty.
 */
export async function runEvent<T extends EventType>(
  eventType: T,
  fields: Partial<EventFields<T>>,
  handlers?: Handlers<T>,
): Promise<Ended<T>>;
/** Looks at the run while the clock stands still, except for the time that `look` lets pass. */
export async function runEvent<T extends EventType>(
  eventType: T,
  fields: Partial<EventFields<T>>,
  handlers: Handlers<T>,
  look: (run: Run) => Promise<void>,
): Promise<void>;
export async function runEvent<T extends EventType>(
  eventType: T,
  fields: Partial<EventFields<T>>,
  handlers: Handlers<T> = {},
  look?: (run: Run) => Promise<void>,
): Promise<Ended<T> | void> {
  const { message, handlers: table } = definitionOf(eventType);
  const eventId = randomUUID();
  const common = { eventId, correlationId: randomUUID(), timestamp: new Date() };
  const activities = Object.entries(table).map(([name, { activity }]): [string, Fake] => [
    activity,
    (handlers as Record<string, Fake>)[name] ?? (() => ({ done: activity })),
  ]);
  let ended: Ended<T> | undefined;
  const toItsEnd = async (run: Run) => {
    const outcomes = (await run.result()) as Ended<T>['outcomes'];
    ended = { outcomes, attempts: run.attempts };
  };
  await runWorkflow(
    {
      workflowType: workflowTypeOf(eventType),
      workflowId: eventId,
      input: () => message.toJSON(message.fromPartial({ ...common, ...fields })) as object,
      activities: Object.fromEntries(activities),
    },
    look ?? toItsEnd,
  );
  return ended;
}

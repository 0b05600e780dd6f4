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
  /** What became of each handler. */
  outcomes: Record<keyof Events[T]['handlers'], Outcome>;
  /** Every attempt of every handler, in order. */
  attempts: Attempt[];
};

/**
 * Runs the workflow of an event on a skipping clock, to its end. Handlers succeed, answering their activity's name,
 * but for those with a fake; what each was given, and when, is in `attempts`. Fields that are left out are empty.
 */
export async function runEvent<T extends EventType>(
  eventType: T,
  fields: Partial<EventFields<T>>,
  handlers?: Handlers<T>,
): Promise<Ended<T>>;
/** Has the run looked at while the clock stands still, but for what `look` lets pass. */
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

import type { EventOf, Events, EventType, HandlerName } from './events.ts';

/** What became of a handler: it had its effect, or there was nothing to do, and why. */
export type Outcome = { done: string } | { skipped: string };

/** What a handler knows beside its event. */
export type HandlerContext = {
  /** Metadata for every call that has an effect: the idempotency key and what the key's guard needs. */
  metadata: Record<string, string>;
  /** How long one call may take, in milliseconds. */
  deadlineMs: number;
};

type Intersection<U> = (U extends unknown ? (value: U) => void : never) extends (value: infer I) => void
  ? I
  : never;

type ActivityName<T extends EventType, H extends HandlerName<T>> = Extract<
  Events[T]['handlers'][H],
  { activity: string }
>['activity'];

/**
 * A function for every handler of every event in the table, by activity name: one that is missing, or takes
 * another event's message, does not compile.
 */
export type Handlers = Intersection<
  {
    [T in EventType]: {
      [H in HandlerName<T>]: Record<
        ActivityName<T, H>,
        (event: EventOf<T>, context: HandlerContext) => Promise<Outcome>
      >;
    }[HandlerName<T>];
  }[EventType]
>;

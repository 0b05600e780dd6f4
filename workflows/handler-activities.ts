import type { EventOf, Events, EventType, HandlerName } from './events.ts';

/** The result of a handler: its effect took place, or there was nothing to do, with the reason. */
export type Outcome = { done: string } | { skipped: string };

/** What a handler gets besides its event. */
export type HandlerContext = {
  /** The metadata for every call with an effect: the idempotency key, and what the key's guard needs. */
  metadata: Record<string, string>;
  /** The longest duration of a call, in milliseconds. */
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
 * A function for every handler of every event, by activity name. A missing one, or one for another message,
 * does not compile.
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

/** The fields that every event begins with. */
export type CommonFields = { eventId: string; timestamp: Date | undefined; correlationId: string };

/** A ts-proto message. */
type Codec<M> = {
  /** Its full name in the contract: `events.ClientCreatedEvent`. */
  readonly $type: string;
  encode(message: M): { finish(): Uint8Array };
  decode(bytes: Uint8Array): M;
  fromPartial(fields: object): M;
  toJSON(message: M): unknown;
  fromJSON(json: unknown): M;
};

/** How long a handler is retried after its first attempt. */
export type RetryProfile = {
  /**
   * How long regular attempts go on, with pauses from 1 s doubling to 20 s, before the handler counts as
   * late.
   */
  soonMinutes: number;
  /** How long late attempts go on, one every ten minutes, before the handler has failed. */
  lateHours: number;
};

/** A handler: its activity, and how long it is retried (`PATIENT` by default). */
export type Handler = {
  activity: string;
  retry?: RetryProfile;
  /**
   * For a handler that was added to an event with open runs: those do not run it. Histories of runs that
   * began afterwards record this name. It is unique and never changes.
   */
  since?: string;
};

/** The largest event: 64 KiB, because events are notifications, not documents. */
export const MAX_EVENT_BYTES = 64 * 1024;

/**
 * An event: its message, what makes two reports of it the same fact, its handlers, and its texts for
 * operators.
 */
export type EventDefinition<M extends CommonFields, H extends Record<string, Handler>> = {
  message: Codec<M>;
  /** The methods that publish it: `clients.ClientBaseService/Create`. */
  publishers: readonly string[];
  fact: (fields: Omit<M, keyof CommonFields>) => string[];
  handlers: H;
  summary: (event: M) => string;
};

/**
 * The default for handlers: 15 minutes, then three days. A weekend without a mail server needs no operator.
 */
export const PATIENT: RetryProfile = { soonMinutes: 15, lateHours: 72 };

/** Defines an event. Only needed for its types. */
export const event = <M extends CommonFields, const H extends Record<string, Handler>>(
  definition: EventDefinition<M, H>,
): EventDefinition<M, H> => definition;

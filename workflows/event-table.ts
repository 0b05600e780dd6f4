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

/** How long and how often a handler is retried after its first attempt. */
export type RetryProfile = {
  /** Regular attempts, 1 s doubling to 20 s apart, go on for this long before the handler counts as late. */
  soonMinutes: number;
  /** Late attempts, ten minutes apart, go on for this long before the handler has failed. */
  lateHours: number;
};

/** A handler: the activity that does it, and how long that is retried (`PATIENT` unless it says). */
export type Handler = {
  activity: string;
  retry?: RetryProfile;
  /**
   * It was added to an event that had open runs, which do not run it. The name under which the histories of those
   * that began since remember that: one of its own, which stays.
   */
  since?: string;
};

/** Events are notifications, not documents: 64 KiB. */
export const MAX_EVENT_BYTES = 64 * 1024;

/** An event: its message, what makes two tellings of it the same fact, its handlers, its words for operators. */
export type EventDefinition<M extends CommonFields, H extends Record<string, Handler>> = {
  message: Codec<M>;
  /** The methods whose change it tells: `clients.ClientBaseService/Create`. */
  publishers: readonly string[];
  fact: (fields: Omit<M, keyof CommonFields>) => string[];
  handlers: H;
  summary: (event: M) => string;
};

/** Of every handler that does not say: 15 minutes, then three days. A weekend without a mail server needs nobody. */
export const PATIENT: RetryProfile = { soonMinutes: 15, lateHours: 72 };

/** Defines an event; there for its types. */
export const event = <M extends CommonFields, const H extends Record<string, Handler>>(
  definition: EventDefinition<M, H>,
): EventDefinition<M, H> => definition;

const DAY_MS = 24 * 3600 * 1000;

/** How long NATS keeps an event, in milliseconds. Within this time it can be delivered again. */
export const STREAM_MS = 14 * DAY_MS;

/**
 * How long a run of an event with failed handlers stays open for an operator: as long as its event can be redriven. A
 * follow-up stays open for ever, and says so this often: what it does once is recognised by rows that do not expire.
 */
export const OPEN_MS = 14 * DAY_MS;

/**
 * An older event has no effect any more, because the rows that guard it against a second one are about to be
 * deleted. An event that was delivered on the stream's last day, was late for three days and then waited for
 * an operator can still be redriven.
 */
export const EXPIRES_DAYS = 32;
export const EVENT_EXPIRES_AFTER_MS = EXPIRES_DAYS * DAY_MS;

/** How long processed_events, idempotency keys and the published rows of the outbox are kept. */
export const GUARDS_MS = 33 * DAY_MS;

/** How long a closed workflow can be read, and its id cannot be used again. */
export const WORKFLOWS_MS = 45 * DAY_MS;

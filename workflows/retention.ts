const DAY_MS = 24 * 3600 * 1000;

/** How long NATS keeps an event, in milliseconds: within this it can be delivered again. */
export const STREAM_MS = 14 * DAY_MS;

/** How long a run stays open for an operator's word on its failed handlers: no longer than its event can be redriven. */
export const OPEN_MS = 14 * DAY_MS;

/**
 * An event older than this has no effect any more: what guards it against a second one is about to be purged. One that was
 * delivered on the stream's last day, was late for three days and then waited for an operator can still be redriven.
 */
export const EXPIRES_DAYS = 32;
export const EVENT_EXPIRES_AFTER_MS = EXPIRES_DAYS * DAY_MS;

/** How long processed_events, idempotency keys and the published rows of the outbox are kept. */
export const GUARDS_MS = 33 * DAY_MS;

/** How long a closed workflow can be read, and its id is refused to another. */
export const WORKFLOWS_MS = 45 * DAY_MS;

/** Short workflows, one an event. */
export const EVENTS_QUEUE = 'events';
/** Workflows that sleep for days. */
export const FOLLOW_UPS_QUEUE = 'follow-ups';

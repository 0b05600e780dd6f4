/** For short workflows: one per event. */
export const EVENTS_QUEUE = 'events';
/** For workflows that sleep for days. */
export const FOLLOW_UPS_QUEUE = 'follow-ups';
/**
 * For sending reminders: activities only, at a limited rate, with organisations taking turns (docs/adr/0018).
 */
export const REMINDERS_QUEUE = 'reminders';

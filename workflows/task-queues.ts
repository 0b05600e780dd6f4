/** Short workflows, one an event. */
export const EVENTS_QUEUE = 'events';
/** Workflows that sleep for days. */
export const FOLLOW_UPS_QUEUE = 'follow-ups';
/** Reminders that go out: activities only, so many a second, each organisation in its turn (docs/adr/0018). */
export const REMINDERS_QUEUE = 'reminders';

/** A history as Temporal's tools write it, as far as it is read here. */
export type HistoryJson = { events: HistoryEvent[] };

export type HistoryEvent = { eventType: string } & Record<string, unknown>;

type Started = {
  workflowId?: string;
  workflowType: { name: string };
  originalExecutionRunId: string;
};

/** What a history was started as. */
export const startedOf = ({ events }: HistoryJson): Started =>
  events[0]!.workflowExecutionStartedEventAttributes as Started;

/** `TIMER_STARTED` for people: as the UI writes it, TimerStarted. */
export const wordsOf = (eventType: string): string =>
  eventType
    .replace(/^EVENT_TYPE_/, '')
    .toLowerCase()
    .replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase());

/** The part of a history that is read here, as Temporal's tools write it. */
export type HistoryJson = { events: HistoryEvent[] };

export type HistoryEvent = { eventType: string } & Record<string, unknown>;

type Started = {
  workflowId?: string;
  workflowType: { name: string };
  originalExecutionRunId: string;
};

/** The attributes of the start event. */
export const startedOf = ({ events }: HistoryJson): Started =>
  events[0]!.workflowExecutionStartedEventAttributes as Started;

/** `TIMER_STARTED` as the UI shows it: TimerStarted. */
export const wordsOf = (eventType: string): string =>
  eventType
    .replace(/^EVENT_TYPE_/, '')
    .toLowerCase()
    .replace(/(^|_)(.)/g, (_, __, letter: string) => letter.toUpperCase());

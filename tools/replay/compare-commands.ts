import { isDeepStrictEqual } from 'node:util';
import { wordsOf, type HistoryEvent, type HistoryJson } from './history-json.ts';
import type { Recorded } from './recorded.ts';

/** The first event of a history for which the code now does something else. */
export type Difference = { eventId: number; event: string; what: string };

type Of<K extends Recorded['kind']> = Extract<Recorded, { kind: K }>;
type Payloads = { payloads?: { data?: string }[] } | null | undefined;
type Attributes = {
  timerId?: string;
  startToFireTimeout?: string;
  activityId?: string;
  activityType?: { name: string };
  workflowType?: { name: string };
  input?: Payloads;
  result?: Payloads;
  markerName?: string;
  details?: Record<string, Payloads>;
  searchAttributes?: { indexedFields?: Record<string, { data?: string }> };
  signalName?: string;
};

/**
 * Compares a replay with the history where Temporal does not: the duration of a timer; the input of an
 * activity, a child or the next run; search attributes; the result; and that each signal found a handler. Not
 * compared: timeouts and retries of activities, which may change, and the input of local activities, which
 * histories do not have.
 * @param heard the names of the signals that reached a handler; none if the code failed before
 */
export function compareCommands(
  history: HistoryJson,
  commands: readonly Recorded[],
  heard: readonly string[] | undefined,
): Difference | undefined {
  const inOrder = { child: 0, continued: 0, attributes: 0, result: 0 };
  const bySeq = <K extends 'timer' | 'activity' | 'localActivity'>(kind: K, seq: number) =>
    commands.find((command) => command.kind === kind && command.seq === seq) as Of<K> | undefined;
  const next = <K extends keyof typeof inOrder>(kind: K) =>
    commands.filter((command) => command.kind === kind)[inOrder[kind]++] as Of<K> | undefined;
  const signals = new Map<string, number>();
  for (const name of heard ?? []) signals.set(name, (signals.get(name) ?? 0) + 1);
  const replayedUntil = lastReplayed(history);

  for (const event of history.events) {
    const what = differs(event);
    if (what) return { eventId: Number(event.eventId), event: wordsOf(event.eventType), what };
  }
  return undefined;

  function differs(event: HistoryEvent): string | undefined {
    const has = attributesOf(event);
    switch (event.eventType) {
      case 'EVENT_TYPE_TIMER_STARTED': {
        const timer = bySeq('timer', Number(has.timerId));
        const ms = milliseconds(has.startToFireTimeout);
        return timer && timer.ms !== ms ? `a timer of ${timer.ms} ms where it had ${ms} ms` : undefined;
      }
      case 'EVENT_TYPE_ACTIVITY_TASK_SCHEDULED': {
        const activity = bySeq('activity', Number(has.activityId));
        return activity && (renamed(has, activity) ?? inputDiffers(activity.type, has.input, activity.input));
      }
      case 'EVENT_TYPE_MARKER_RECORDED': {
        if (has.markerName !== 'core_local_activity') return undefined;
        const { seq, activity_type: name } = parse(textsOf(has.details?.data)[0] ?? '{}') as {
          seq: number;
          activity_type: string;
        };
        const activity = bySeq('localActivity', seq);
        return activity && renamed({ activityType: { name } }, activity);
      }
      case 'EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED': {
        const child = next('child');
        return child && inputDiffers(child.type, has.input, child.input);
      }
      case 'EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW': {
        const continued = next('continued');
        return continued && inputDiffers('the next run', has.input, continued.input);
      }
      case 'EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES': {
        const fields = Object.entries(has.searchAttributes?.indexedFields ?? {});
        // a patch sets search attributes of its own, without a command
        if (fields.some(([name]) => name.startsWith('Temporal'))) return undefined;
        const then = Object.fromEntries(fields.map(([name, { data }]) => [name, decode(data)]));
        const now = next('attributes');
        return now && !isDeepStrictEqual(now.values, then)
          ? `search attributes ${JSON.stringify(now.values)} where it had ${JSON.stringify(then)}`
          : undefined;
      }
      case 'EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED': {
        const result = next('result');
        return result && inputDiffers('the result', has.result, [result.value]);
      }
      case 'EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED': {
        if (!heard || Number(event.eventId) > replayedUntil) return undefined;
        const name = has.signalName!;
        const left = signals.get(name) ?? 0;
        signals.set(name, left - 1);
        return left > 0 ? undefined : `no handler takes the signal ${name}`;
      }
      default:
        return undefined;
    }
  }
}

/** What came after the last completed workflow task was not replayed. */
function lastReplayed({ events }: HistoryJson): number {
  const completed = events.findLast(({ eventType }) => eventType === 'EVENT_TYPE_WORKFLOW_TASK_COMPLETED');
  const { startedEventId = 0 } = (completed?.workflowTaskCompletedEventAttributes ?? {}) as {
    startedEventId?: number;
  };
  return Number(startedEventId);
}

const renamed = ({ activityType }: Attributes, now: { type: string }): string | undefined =>
  activityType?.name === now.type ? undefined : `activity ${now.type} where it had ${activityType?.name}`;

function inputDiffers(whose: string, then: Payloads, now: string[]): string | undefined {
  const before = textsOf(then).map(parse);
  const after = now.map(parse);
  if (isDeepStrictEqual(before, after)) return undefined;
  return `${whose}: ${firstDifference(before, after, '')}`;
}

/** The path at which two values differ; never the values, which may be personal. */
function firstDifference(before: unknown, after: unknown, path: string): string {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null;
  if (!isObject(before) || !isObject(after)) return `${path || 'all of it'} has another value`;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[key], after[key])) continue;
    const at = path ? `${path}.${key}` : key;
    if (!(key in after)) return `${at} is missing`;
    if (!(key in before)) return `${at} is new`;
    return firstDifference(before[key], after[key], at);
  }
  return `${path} differs`;
}

const attributesOf = (event: HistoryEvent): Attributes =>
  Object.entries(event).find(([key]) => key.endsWith('EventAttributes'))?.[1] ?? {};
const decode = (data = ''): string => Buffer.from(data, 'base64').toString('utf8');
const textsOf = (payloads: Payloads): string[] => (payloads?.payloads ?? []).map(({ data }) => decode(data));
/** `86400s`, `1.500s` */
const milliseconds = (duration = '0s'): number => Math.round(Number(duration.replace(/s$/, '')) * 1e6) / 1e3;

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

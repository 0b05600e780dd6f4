import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker, type InjectedSinks, type WorkflowBundleOption } from '@temporalio/worker';
import { compareCommands, type Difference } from './compare-commands.ts';
import { startedOf, wordsOf, type HistoryJson } from './history-json.ts';
import type { Recorded, RecorderSink } from './recorded.ts';

/** A history and its name in messages: a case, or a workflow id. */
export type Named = {
  name: string;
  history: HistoryJson;
  /** Default: the id in the history, which some servers leave out. */
  workflowId?: string;
  /** Replays it with another workflow type. */
  as?: string;
};

export type Replayed = Named & {
  workflowType: string;
  workflowId: string;
  /** What would break: workflow type, history and the first differing event. Undefined: nothing. */
  broken: string | undefined;
};

export type ReplayOptions = {
  /** Gets the counters of an instrumented bundle, history by history. */
  covered?: (named: Named, counters: object) => void;
  /** The types that the code has. Runs that have not begun replay nothing, so their type is checked here. */
  types?: readonly string[];
};

/** Replays histories one after the other, against a bundle that contains `record-commands.ts`. */
export async function* replayHistories(
  workflowBundle: WorkflowBundleOption,
  histories: Iterable<Named> | AsyncIterable<Named>,
  { covered = () => {}, types }: ReplayOptions = {},
): AsyncGenerator<Replayed> {
  let current: Named | undefined;
  let commands: Recorded[] = [];
  let heard: string[] = [];
  let historyLength = 0;
  let counters: object | undefined;
  const sinks: InjectedSinks<RecorderSink> = {
    recorder: {
      begins: { fn: (_, length) => void (historyLength = length), callDuringReplay: true },
      // objects of the sandbox belong to another realm, so equality checks would fail
      gave: { fn: (_, given) => void commands.push(...plain(given)), callDuringReplay: true },
      heard: { fn: (_, name) => void heard.push(name), callDuringReplay: true },
      covered: { fn: (_, counted) => void (counters = counted), callDuringReplay: true },
    },
  };
  async function* oneByOne() {
    for await (const named of histories) {
      current = named;
      [commands, heard, historyLength, counters] = [[], [], 0, undefined];
      const json = structuredClone(named.history);
      if (named.as) startedOf(json).workflowType.name = named.as;
      yield { workflowId: idOf(named), history: historyFromJSON(json) };
    }
  }
  for await (const { error } of Worker.runReplayHistories({ workflowBundle, sinks }, oneByOne())) {
    const { name, history } = current!;
    const { workflowType } = startedOf(history);
    const workflowId = idOf(current!);
    const own = unknownType(history, types) ?? compareCommands(history, commands, error ? undefined : heard);
    const difference = error ? (seenByTemporal(error, history) ?? own) : own;
    const where = difference ?? failedAfter(history, historyLength);
    const what = [difference?.what, error && reason(error)].filter(Boolean).join('; ');
    const broken =
      error || difference
        ? `${workflowType.name} breaks on ${name} (${workflowId}) at event ${where.eventId}, ${where.event}: ${what}`
        : undefined;
    if (counters) covered(current!, counters);
    yield { name, history, workflowType: workflowType.name, workflowId, broken };
  }
}

const idOf = ({ workflowId, history, name }: Named): string =>
  workflowId ?? startedOf(history).workflowId ?? name;

const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

function unknownType(history: HistoryJson, types: readonly string[] | undefined): Difference | undefined {
  const { name } = startedOf(history).workflowType;
  if (!types || types.includes(name)) return undefined;
  return { eventId: 1, event: 'WorkflowExecutionStarted', what: `there is no workflow type ${name}` };
}

/** The event that Temporal's own check names. */
function seenByTemporal({ message }: Error, { events }: HistoryJson): Difference | undefined {
  const [, id] = /HistoryEvent\(id: (\d+)/.exec(message) ?? [];
  const event = id && events.find(({ eventId }) => eventId === id);
  return event ? { eventId: Number(id), event: wordsOf(event.eventType), what: '' } : undefined;
}

/** Code that threw did so in the task after this event. */
function failedAfter({ events }: HistoryJson, historyLength: number): Difference {
  const event = events[Math.max(0, Math.min(historyLength, events.length) - 1)]!;
  const first = historyLength === 0 ? events[0]! : event;
  return { eventId: Number(first.eventId), event: wordsOf(first.eventType), what: '' };
}

/** Temporal's message without its fixed parts. */
const reason = ({ message }: Error): string => {
  const [, failure] = /message: "((?:[^"\\]|\\.)*)"/.exec(message) ?? [];
  const [, details] = /Details: ([\s\S]*)/.exec(message) ?? [];
  const text = failure ?? details ?? message;
  return text.split('\n')[0]!.replace(/^\[TMPRL\d+\] /, '');
};

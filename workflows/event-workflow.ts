import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  defineSignal,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  rootCause,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import type { Handler } from './event-table.ts';
import { events, type EventType } from './events.ts';
import type { Outcome } from './handler-activities.ts';
import { FailedHandlers, LateHandlers } from './search-attributes.ts';

/** An operator's word about failed handlers: those named, or all. */
export type Word = { who: string; why: string; handlers?: string[] };
/** Runs the failed handlers again, and only those. */
export const redrive = defineSignal<[Word]>('redrive');
/** Gives the failed handlers up. */
export const skip = defineSignal<[Word]>('skip');

/** How long a run stays open for an operator's word. */
const OPEN_FOR = '14 days';

type Activity = (event: unknown) => Promise<Outcome>;
type Words = { kind: 'redrive' | 'skip'; word: Word }[];

/**
 * The workflow of an event: all its handlers in parallel, each with an activity type of its own. The good path is
 * cheap, a local activity; the failing one is visible, a regular activity that the UI shows pending with its
 * attempts and last error. A handler that has failed for good waits, with the run open, for `redrive` or `skip`.
 * @returns what became of each handler
 */
export function eventWorkflow(eventType: EventType) {
  const handlers: Record<string, Handler> = events[eventType].handlers;
  return async (event: unknown): Promise<Record<string, Outcome>> => {
    const words: Words = [];
    setHandler(redrive, (word) => void words.push({ kind: 'redrive', word: complete(word) }));
    setHandler(skip, (word) => void words.push({ kind: 'skip', word: complete(word) }));
    const inboxes = new Inboxes(eventType);
    const outcomes: Record<string, Outcome> = {};
    await Promise.all(
      Object.entries(handlers).map(async ([name, handler]) => {
        const outcome = await settle(name, handler, event, inboxes, words);
        if (outcome) outcomes[name] = outcome;
      }),
    );
    if (inboxes.failed.size) {
      throw ApplicationFailure.nonRetryable(`${eventType}: ${inboxes.describeFailed()}`, 'HandlersFailed');
    }
    return outcomes;
  };
}

/** Words are typed by hand: one that lacks something must not stop the run at every attempt to read it. */
function complete(word: Partial<Word> | null | undefined): Word {
  const { who = 'inconnu', why = 'sans raison', handlers = [] } = word ?? {};
  return { who, why, handlers: [handlers].flat() };
}

/** Attempts a handler, again for each operator's word; undefined when it failed and no word came. */
async function settle(
  name: string,
  handler: Handler,
  event: unknown,
  inboxes: Inboxes,
  words: Words,
): Promise<Outcome | undefined> {
  for (let seen = 0; ;) {
    try {
      const outcome = await attempt(name, handler, event, inboxes);
      inboxes.settled(name);
      return outcome;
    } catch (error) {
      if (isCancellation(error)) throw error;
      inboxes.hasFailed(name, rootCause(error) ?? String(error));
    }
    seen = Math.max(seen, words.length);
    const concerns = ({ word }: Words[number]) => !word.handlers?.length || word.handlers.includes(name);
    if (!(await condition(() => words.slice(seen).some(concerns), OPEN_FOR))) return undefined;
    const { kind, word } = words.slice(seen).find(concerns)!;
    inboxes.settled(name);
    if (kind === 'skip') return { skipped: `${word.why} (${word.who})` };
  }
}

/** One attempt at once, then for some minutes, then, late, for some days. A refusal is final in every phase. */
async function attempt(
  name: string,
  { activity, retry }: Handler,
  event: unknown,
  inboxes: Inboxes,
): Promise<Outcome> {
  const first = proxyLocalActivities<Record<string, Activity>>({
    startToCloseTimeout: '5 seconds',
    retry: { maximumAttempts: 1 },
  });
  const soon = proxyActivities<Record<string, Activity>>({
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: `${retry.soonMinutes} minutes`,
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '20 seconds' },
    summary: `${name}: nouvel essai`,
  });
  const late = proxyActivities<Record<string, Activity>>({
    startToCloseTimeout: '30 seconds',
    scheduleToCloseTimeout: `${retry.lateHours} hours`,
    retry: { initialInterval: '10 minutes', backoffCoefficient: 1 },
    summary: `${name}: en retard, un essai toutes les dix minutes`,
  });
  try {
    return await first[activity]!(event);
  } catch (error) {
    if (isCancellation(error) || isRefusal(error)) throw error;
  }
  try {
    return await soon[activity]!(event);
  } catch (error) {
    if (isCancellation(error) || isRefusal(error)) throw error;
    inboxes.isLate(name);
  }
  return await late[activity]!(event);
}

/** A failed local activity throws its failure bare, a regular one wraps it. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

/** Which handlers are late or failed, shown as search attributes and in the run's current details. */
class Inboxes {
  readonly late = new Set<string>();
  readonly failed = new Map<string, string>();
  private readonly eventType: string;
  constructor(eventType: string) {
    this.eventType = eventType;
  }

  isLate(name: string): void {
    this.late.add(name);
    this.show(true, false);
  }

  hasFailed(name: string, reason: string): void {
    const wasLate = this.late.delete(name);
    this.failed.set(name, reason);
    this.show(wasLate, true);
  }

  settled(name: string): void {
    const wasLate = this.late.delete(name);
    const hadFailed = this.failed.delete(name);
    if (wasLate || hadFailed) this.show(wasLate, hadFailed);
  }

  describeFailed(): string {
    return [...this.failed].map(([name, reason]) => `${name} (${reason})`).join(', ');
  }

  private show(late: boolean, failed: boolean): void {
    const list = (names: string[]) => (names.length ? names : null);
    if (late) upsertSearchAttributes([{ key: LateHandlers, value: list([...this.late]) }]);
    if (failed) upsertSearchAttributes([{ key: FailedHandlers, value: list([...this.failed.keys()]) }]);
    const lines = [
      ...(this.failed.size ? [`**En échec**, ${this.eventType}: ${this.describeFailed()}`] : []),
      ...(this.failed.size ? ['Envoyer le signal `redrive` ou `skip` avec `{who, why}`.'] : []),
      ...(this.late.size ? [`En retard, réessayé toutes les dix minutes: ${[...this.late].join(', ')}`] : []),
    ];
    setCurrentDetails(lines.join('\n\n'));
  }
}

import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { PATIENT, type Handler } from './event-table.ts';
import { events, type EventType } from './events.ts';
import type { Outcome } from './handler-activities.ts';
import { OperatorsInbox } from './operators-inbox.ts';

export { redrive, skip } from './operators-inbox.ts';

type Activity = (event: unknown) => Promise<Outcome>;

/**
 * The workflow of an event: all its handlers in parallel, each with an activity type of its own. The good path is
 * cheap, a local activity; the failing one is visible, a regular activity that the UI shows pending with its
 * attempts and last error. A handler that has failed for good waits, with the run open, for `redrive` or `skip`. One
 * that says `since` is run by the runs that began with it in the table.
 * @returns what became of each handler
 */
export function eventWorkflow(eventType: EventType) {
  const handlers: Record<string, Handler> = events[eventType].handlers;
  return async (event: unknown): Promise<Record<string, Outcome>> => {
    const inbox = new OperatorsInbox(eventType);
    const outcomes: Record<string, Outcome> = {};
    const ofThisRun = Object.entries(handlers).filter(([, { since }]) => !since || patched(since));
    await Promise.all(
      ofThisRun.map(async ([name, handler]) => {
        const settled = await inbox.settle(name, () => attempt(name, handler, event, inbox));
        if (settled !== 'failed') outcomes[name] = 'answer' in settled ? settled.answer : settled;
      }),
    );
    const failure = inbox.failure();
    if (failure) throw failure;
    return outcomes;
  };
}

/** One attempt at once, then for some minutes, then, late, for some days. A refusal is final in every phase. */
async function attempt(
  name: string,
  { activity, retry = PATIENT }: Handler,
  event: unknown,
  inbox: OperatorsInbox,
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
    inbox.isLate(name);
  }
  return await late[activity]!(event);
}

/** A failed local activity throws its failure bare, a regular one wraps it. */
function isRefusal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

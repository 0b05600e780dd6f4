import {
  ActivityCancellationType,
  isCancellation,
  patched,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import { PATIENT, type Handler } from './event-table.ts';
import { events, type EventType } from './events.ts';
import type { Outcome } from './handler-activities.ts';
import { isRefusal } from './is-refusal.ts';
import { OperatorsInbox } from './operators-inbox.ts';

export { redrive, skip } from './operators-inbox.ts';

const HOUR_MS = 3_600_000;
/** The time for an attempt that an operator asks for at the very end. */
const LAST_ATTEMPT_MS = 60_000;

type Activity = (event: unknown) => Promise<Outcome>;

/**
 * The workflow of an event. It runs all handlers in parallel, each as an activity type of its own. The first
 * attempt is a local activity, which is cheap; after a failure it is a regular activity, which the UI shows
 * with its attempts and last error. A handler that has failed for good keeps the run open and waits for
 * `redrive` or `skip`; one that is late obeys them at once. A handler with `since` is only run by runs that began after it was added.
 * @returns the outcome of each handler
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

/**
 * The first attempt, then regular attempts for some minutes, then late ones for some days. A refusal is
 * always final. An operator can have a late handler tried at once, or give it up.
 */
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
  const lateFor = (ms: number) =>
    proxyActivities<Record<string, Activity>>({
      startToCloseTimeout: '30 seconds',
      scheduleToCloseTimeout: ms,
      retry: { initialInterval: '10 minutes', backoffCoefficient: 1 },
      // an attempt that is running when an operator decides ends first
      cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
      summary: `${name}: en retard, un essai toutes les dix minutes`,
    })[activity]!(event);
  try {
    return await first[activity]!(event);
  } catch (error) {
    if (isCancellation(error) || isRefusal(error)) throw error;
  }
  try {
    return await soon[activity]!(event);
  } catch (error) {
    if (isCancellation(error) || isRefusal(error)) throw error;
    inbox.isLate(name, error);
  }
  const lateMs = retry.lateHours * HOUR_MS;
  if (!patched('late-hurried')) return await lateFor(lateMs);
  // being hurried gives it no more time: the guards of its event do not wait
  const endsAt = Date.now() + lateMs;
  return await inbox.settleLate(name, () => lateFor(Math.max(endsAt - Date.now(), LAST_ATTEMPT_MS)));
}

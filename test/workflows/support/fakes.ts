import { ApplicationFailure } from '@temporalio/common';
import type { Fake } from './run-workflow.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A service that is unavailable until some time after the start, in milliseconds of server time. */
export const downUntil =
  (ms: number, then: Fake = () => ({ done: 'enfin' })): Fake =>
  (attempt) => {
    if (attempt.atMs < ms) throw new Error('connection refused');
    return then(attempt);
  };

/** A service that refuses for good, a number of times. */
export const refuses =
  (reason: string, times = Infinity, then: Fake = () => ({ done: 'enfin' })): Fake =>
  (attempt) => {
    if (attempt.nth <= times) throw ApplicationFailure.nonRetryable(reason, 'NOT_FOUND');
    return then(attempt);
  };

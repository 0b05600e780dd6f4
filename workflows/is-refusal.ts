import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';

/** Whether a failure is a refusal. A local activity throws its failure directly, a regular one wraps it. */
export function isRefusal(error: unknown): boolean {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure && cause.nonRetryable === true;
}

import type { PaymentRetryActivities } from '@crm/workflows/payment-retry';
import type { RetryState } from '@crm/workflows/retry-state';

type Activity = (input: { state?: RetryState }) => Promise<RetryState | void>;

/**
 * Activities on another day than the server's: this server's clock begins now and goes forward only, a rejection may
 * be of last year. Every instant that the workflow is given is so much later than it is for the services, and earlier
 * again when it comes back; what it waits for is as long as it is.
 * @param aheadMs of the server's clock before the services'
 * @param before each activity
 */
export function onAnotherDay(
  activities: PaymentRetryActivities,
  aheadMs: number,
  before: () => Promise<unknown>,
): PaymentRetryActivities {
  const moved = Object.entries(activities as unknown as Record<string, Activity>).map(([name, activity]) => [
    name,
    async (input: { state?: RetryState }) => {
      await before();
      const answer = await activity({
        ...input,
        ...(input.state && { state: shift(input.state, -aheadMs) }),
      });
      return answer && shift(answer, aheadMs);
    },
  ]);
  return Object.fromEntries(moved) as PaymentRetryActivities;
}

function shift(state: RetryState, ms: number): RetryState {
  const later = (instant?: string) => instant && new Date(Date.parse(instant) + ms).toISOString();
  const { prochaineAt, annonceAt, silenceAt } = state;
  return {
    ...state,
    ...{ prochaineAt: later(prochaineAt), annonceAt: later(annonceAt), silenceAt: later(silenceAt) },
  };
}

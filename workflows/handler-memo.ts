/** The key in a run's memo under which its failed and late handlers are described. */
export const HANDLERS_MEMO = 'handlers';

/** The longest reason that is kept in the memo, in characters; the details have all of it. */
export const LONGEST_REASON = 500;

/**
 * A handler that is not as it should be. `trying`: an operator has had it run again, and it has not ended yet. One that is
 * done, or was given up, is not in the memo.
 */
type HandlerMemo = {
  state: 'failed' | 'late' | 'trying';
  /** Why it failed last. */
  reason: string;
  /** When; ISO 8601, UTC. */
  since: string;
};

/** The memo of a run, which lists show: by the name of the handler. */
export type HandlersMemo = Record<string, HandlerMemo>;

import type { Said } from './take-commands.ts';

/**
 * The author and reason of a command. `at`: the instant of the next attempt, ISO 8601, UTC. For continuing
 * with another mandate: which. For moving to another policy: which, or "" for the one in force.
 */
export type Order = Said & { at?: string; mandatId?: string; policyId?: string };

/**
 * The updates of the workflow `paymentRetry`. `cancel` stops the retries for good; `replan` moves the next
 * attempt; `runNow` makes it now or at the next cutoff; `resume` continues stopped retries with another
 * mandate; `migrate` applies the policy in force, or another one, to what is not presented yet.
 */
export type RetryCommandName = 'cancel' | 'replan' | 'runNow' | 'resume' | 'migrate';

/** An accepted command. */
export type RetryCommand = Order & { name: RetryCommandName };

import type { Said } from './take-commands.ts';

/**
 * Who gives a command and why; where it plans the next attempt, for when: ISO 8601, UTC; where it goes on with another
 * mandate, which; and where it moves to another policy, which, or "" for the one in force.
 */
export type Order = Said & { at?: string; mandatId?: string; policyId?: string };

/**
 * The updates of the workflow `paymentRetry`: `cancel` stops the retries for good; `replan` moves the next attempt;
 * `runNow` has it made now, or at the next cutoff; `resume` has retries that were stopped go on with another mandate;
 * `migrate` has what is not presented yet go by the policy in force now, or by another one.
 */
export type RetryCommandName = 'cancel' | 'replan' | 'runNow' | 'resume' | 'migrate';

/** A command that was accepted. */
export type RetryCommand = Order & { name: RetryCommandName };

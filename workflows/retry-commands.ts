import { ActivityFailure, ApplicationFailure, defineUpdate, setHandler } from '@temporalio/workflow';
import type { RetryState } from './payment-retry.ts';

/** Who gives a command and why; and, where it moves the next attempt, to when: ISO 8601, UTC. */
export type Order = { who: string; why: string; at?: string };
/** A command that was accepted. */
export type RetryCommand = Order & { name: 'cancel' | 'replan' | 'runNow' };

/** Stops the retries for good. */
export const cancel = defineUpdate<void, [Order]>('cancel');
/** Moves the next attempt. */
export const replan = defineUpdate<void, [Order]>('replan');
/** Has the next attempt made now, or at the next cutoff. */
export const runNow = defineUpdate<void, [Order]>('runNow');

/** What commands need of the run. */
export type Commanded = {
  /** The schedule as it was last read. */
  state(): RetryState | undefined;
  /** When it has been read, and nothing is being done about it. */
  idle(): Promise<void>;
  /** Records the command and has its effect. */
  record(command: RetryCommand): Promise<void>;
};

/**
 * Takes commands. One is refused before it is in the history, by the schedule as it was last read; a refusal of the
 * retry service, which has the last word, fails the update.
 */
export function setCommandHandlers({ state, idle, record }: Commanded): void {
  const take = (name: RetryCommand['name']) => async (order: Order) => {
    await idle();
    refuse(name, state());
    try {
      await record({ ...order, name });
    } catch (error) {
      const { cause } = error as ActivityFailure;
      throw cause instanceof ApplicationFailure ? cause : error;
    }
  };
  const validate = (name: RetryCommand['name']) => (order: Order) => {
    if (!order?.who) throw ApplicationFailure.nonRetryable('who gives the command must be said', 'WHO');
    if (name !== 'cancel' && Number.isNaN(Date.parse(order.at ?? ''))) {
      throw ApplicationFailure.nonRetryable('to when must be said', 'AT');
    }
    refuse(name, state());
  };
  setHandler(cancel, take('cancel'), { validator: validate('cancel'), description: 'Arrêter' });
  setHandler(replan, take('replan'), { validator: validate('replan'), description: 'Replanifier' });
  setHandler(runNow, take('runNow'), { validator: validate('runNow'), description: 'Présenter maintenant' });
}

/** @throws {ApplicationFailure} with the reason as its type */
function refuse(name: RetryCommand['name'], state: RetryState | undefined): void {
  if (!state) return;
  if (state.statut === 'EN_COURS' && name !== 'cancel') {
    throw ApplicationFailure.nonRetryable('the attempt is with the bank', 'TENTATIVE_EN_COURS');
  }
  if (state.statut !== 'PLANIFIE' && state.statut !== 'EN_COURS') {
    throw ApplicationFailure.nonRetryable('the retries of this payment have ended', 'RETRY_TERMINE');
  }
}

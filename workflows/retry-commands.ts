import { ActivityFailure, ApplicationFailure, defineUpdate, setHandler } from '@temporalio/workflow';
import type { RetryState } from './payment-retry.ts';

/**
 * Who gives a command and why; where it plans the next attempt, for when: ISO 8601, UTC; where it goes on with another
 * mandate, which; and where it moves to another policy, which, or "" for the one in force.
 */
export type Order = { who: string; why: string; at?: string; mandatId?: string; policyId?: string };
/** A command that was accepted. */
export type RetryCommand = Order & { name: 'cancel' | 'replan' | 'runNow' | 'resume' | 'migrate' };

/** Stops the retries for good. */
export const cancel = defineUpdate<void, [Order]>('cancel');
/** Moves the next attempt. */
export const replan = defineUpdate<void, [Order]>('replan');
/** Has the next attempt made now, or at the next cutoff. */
export const runNow = defineUpdate<void, [Order]>('runNow');
/** Has retries that were stopped go on with another mandate. */
export const resume = defineUpdate<void, [Order]>('resume');
/** Has what is not presented yet go by the policy in force now, or by another one. */
const migrate = defineUpdate<void, [Order]>('migrate');

/** What commands need of the run. */
export type Commanded = {
  /** The schedule as it was last read. */
  state(): RetryState | undefined;
  /** When it has been read, and nothing is being done about it. */
  idle(): Promise<void>;
  /** Records the command and has its effect. */
  record(command: RetryCommand): Promise<void>;
};

/** Commands that move no attempt to an instant; they are also taken while one is with the bank. */
const UNDATED: RetryCommand['name'][] = ['cancel', 'migrate'];

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
    if (!UNDATED.includes(name) && Number.isNaN(Date.parse(order.at ?? ''))) {
      throw ApplicationFailure.nonRetryable('to when must be said', 'AT');
    }
    if (name === 'resume' && !order.mandatId) {
      throw ApplicationFailure.nonRetryable('with which mandate must be said', 'MANDAT');
    }
    refuse(name, state());
  };
  setHandler(cancel, take('cancel'), { validator: validate('cancel'), description: 'Arrêter' });
  setHandler(replan, take('replan'), { validator: validate('replan'), description: 'Replanifier' });
  setHandler(runNow, take('runNow'), { validator: validate('runNow'), description: 'Présenter maintenant' });
  setHandler(migrate, take('migrate'), {
    validator: validate('migrate'),
    description: 'Passer à la politique en vigueur',
  });
  setHandler(resume, take('resume'), {
    validator: validate('resume'),
    description: 'Reprendre avec un autre mandat',
  });
}

/** @throws {ApplicationFailure} with the reason as its type */
function refuse(name: RetryCommand['name'], state: RetryState | undefined): void {
  if (!state) return;
  if (name === 'resume') return refuseResume(state);
  if (state.statut === 'EN_COURS' && !UNDATED.includes(name)) {
    throw ApplicationFailure.nonRetryable('the attempt is with the bank', 'TENTATIVE_EN_COURS');
  }
  if (state.statut !== 'PLANIFIE' && state.statut !== 'EN_COURS') {
    throw ApplicationFailure.nonRetryable('the retries of this payment have ended', 'RETRY_TERMINE');
  }
}

/** What has ended goes on, but for what was collected; whether someone cancelled it the retry service knows. */
function refuseResume({ statut }: RetryState): void {
  if (statut === 'ARRETE' || statut === 'EPUISE') return;
  throw statut === 'ENCAISSE'
    ? ApplicationFailure.nonRetryable('the payment is settled', 'NOT_ELIGIBLE_PAYMENT_SETTLED')
    : ApplicationFailure.nonRetryable('the retries of this payment are not stopped', 'RETRY_EN_COURS');
}

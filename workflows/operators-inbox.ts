import {
  ApplicationFailure,
  condition,
  defineSignal,
  isCancellation,
  rootCause,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { OPEN_MS } from './retention.ts';
import { FailedHandlers, LateHandlers } from './search-attributes.ts';

/** An operator's decision about failed handlers: the named ones, or all. */
export type Word = { who: string; why: string; handlers?: string[] };
/** Runs the failed handlers again, and only those. */
export const redrive = defineSignal<[Word]>('redrive');
/** Gives up the failed handlers. Needs a reason. */
export const skip = defineSignal<[Word]>('skip');

/** The result of a handler: its answer, why it was given up, or that it failed and nobody decided. */
export type Settled<T> = { answer: T } | { skipped: string } | 'failed';

type Heard = { kind: 'redrive' | 'skip'; who: string; why: string; concerns(name: string): boolean };

/** Undefined for a decision that must not count: operators type them, so anything may be in one. */
function hear(kind: Heard['kind'], word: unknown): Heard | 'no reason' | undefined {
  if (word !== undefined && (typeof word !== 'object' || Array.isArray(word))) return undefined;
  const { who, why, handlers } = (word ?? {}) as Record<keyof Word, unknown>;
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
  if (kind === 'skip' && !text(why)) return 'no reason';
  const named: unknown[] = [handlers ?? []].flat();
  return {
    kind,
    who: text(who) || 'inconnu',
    why: text(why) || 'sans raison',
    // if it names something that is not a handler, it concerns none instead of all
    concerns: (name) => named.length === 0 || named.includes(name),
  };
}

/**
 * The late and failed handlers of a run, shown as search attributes and in the run's current details, and the
 * operators' decisions about them. Create one per run before the first await, because it listens to the
 * signals.
 */
export class OperatorsInbox {
  private readonly late = new Set<string>();
  private readonly failed = new Map<string, string>();
  private readonly words: Heard[] = [];
  private readonly title: string;
  private lacksReason = false;
  /** What the run is doing, for people. */
  step = '';
  /** The last command, for people. Empty: none. */
  lastCommand: string;

  /**
   * @param title what the run is about, for its details and its failure
   * @param lastCommand the last command of the earlier run that this one continues
   */
  constructor(title: string, lastCommand = '') {
    this.title = title;
    this.lastCommand = lastCommand;
    setHandler(redrive, (word) => this.hears('redrive', word));
    setHandler(skip, (word) => this.hears('skip', word));
  }

  /** Attempts a handler, and after a failure again for each `redrive`. */
  async settle<T>(name: string, attempt: () => Promise<T>): Promise<Settled<T>> {
    for (;;) {
      try {
        const answer = await attempt();
        this.settled(name);
        return { answer };
      } catch (error) {
        if (isCancellation(error)) throw error;
        this.hasFailed(name, rootCause(error) ?? String(error));
      }
      const seen = this.words.length;
      const heard = () => this.words.slice(seen).find(({ concerns }) => concerns(name));
      try {
        if (!(await condition(() => heard() !== undefined, OPEN_MS))) return 'failed';
      } catch (cancelled) {
        // nobody waits for a decision about it any more
        this.settled(name);
        throw cancelled;
      }
      const { kind, who, why } = heard()!;
      this.settled(name);
      if (kind === 'skip') return { skipped: `${why} (${who})` };
    }
  }

  /** The handler is late and continues slowly. */
  isLate(name: string): void {
    this.late.add(name);
    this.show(true, false);
  }

  /** Shows in the details what the run is doing. */
  isAt(step: string): void {
    this.step = step;
    this.show(false, false);
  }

  /** The failure of a run with handlers that failed for good; undefined if there are none. */
  failure(): ApplicationFailure | undefined {
    if (!this.failed.size) return undefined;
    return ApplicationFailure.nonRetryable(`${this.title}: ${this.describeFailed()}`, 'HandlersFailed');
  }

  private hears(kind: Heard['kind'], word: unknown): void {
    const heard = hear(kind, word);
    if (!heard) return;
    this.lacksReason = heard === 'no reason';
    if (heard !== 'no reason') this.words.push(heard);
    this.show(false, false);
  }

  private hasFailed(name: string, reason: string): void {
    const wasLate = this.late.delete(name);
    this.failed.set(name, reason);
    this.show(wasLate, true);
  }

  private settled(name: string): void {
    const wasLate = this.late.delete(name);
    const hadFailed = this.failed.delete(name);
    if (wasLate || hadFailed) this.show(wasLate, hadFailed);
  }

  private describeFailed(): string {
    return [...this.failed].map(([name, reason]) => `${name} (${reason})`).join(', ');
  }

  private show(late: boolean, failed: boolean): void {
    const list = (names: string[]) => (names.length ? names : null);
    if (late) upsertSearchAttributes([{ key: LateHandlers, value: list([...this.late]) }]);
    if (failed) upsertSearchAttributes([{ key: FailedHandlers, value: list([...this.failed.keys()]) }]);
    const anyFailed = this.failed.size > 0;
    const lines = [
      ...(this.step ? [this.step] : []),
      ...(this.lastCommand ? [`Dernière commande: ${this.lastCommand}`] : []),
      ...(anyFailed ? [`**En échec**, ${this.title}: ${this.describeFailed()}`] : []),
      ...(anyFailed ? ['Envoyer le signal `redrive` ou `skip` avec `{who, why}`.'] : []),
      ...(anyFailed && this.lacksReason ? ['Un `skip` sans raison a été ignoré: `why` est nécessaire.'] : []),
      ...(this.late.size ? [`En retard, réessayé toutes les dix minutes: ${[...this.late].join(', ')}`] : []),
    ];
    setCurrentDetails(lines.join('\n\n'));
  }
}

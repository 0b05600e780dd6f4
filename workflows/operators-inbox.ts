import {
  ApplicationFailure,
  CancellationScope,
  condition,
  defineSignal,
  isCancellation,
  patched,
  proxyActivities,
  rootCause,
  setCurrentDetails,
  setHandler,
  upsertMemo,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { HANDLERS_MEMO, LONGEST_REASON, type HandlersMemo } from './handler-memo.ts';
import { isRefusal } from './is-refusal.ts';
import { OPEN_MS } from './retention.ts';
import { FailedHandlers, LateHandlers, StrandedHandlers } from './search-attributes.ts';
import type { Stranded, StrandedActivities } from './stranded.ts';

/** An operator's decision about failed and late handlers: the named ones, or all. */
export type Word = { who: string; why: string; handlers?: string[] };
/** Runs the failed handlers again, and the late ones at once; no others. */
export const redrive = defineSignal<[Word]>('redrive');
/** Gives up the failed and the late handlers. Needs a reason. */
export const skip = defineSignal<[Word]>('skip');

/** The result of a handler: its answer, why it was given up, or that it failed and nobody decided. */
export type Settled<T> = { answer: T } | { skipped: string } | 'failed';

/** A decision that counts. */
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

/** A given up handler's outcome in words. */
const givenUp = ({ who, why }: Heard): { skipped: string } => ({ skipped: `${why} (${who})` });

const { tellOfStranded } = proxyActivities<StrandedActivities>({
  startToCloseTimeout: '30 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 minutes' },
  summary: 'prévient que personne n’a répondu',
});

/**
 * The late and failed handlers of a run, shown as search attributes and in the run's current details, and the
 * operators' decisions about them. Create one per run before the first await, because it listens to the
 * signals.
 */
export class OperatorsInbox {
  private readonly late = new Set<string>();
  private readonly failed = new Map<string, string>();
  private readonly stranded = new Set<string>();
  private readonly memo: HandlersMemo = {};
  private keptMemo = '{}';
  private readonly words: Heard[] = [];
  private readonly title: string;
  private readonly follows: Omit<Stranded, 'handler' | 'raison' | 'depuis' | 'fois'> | undefined;
  private lacksReason = false;
  /** What the run is doing, for people. */
  step = '';
  /** The last command, for people. Empty: none. */
  lastCommand: string;

  /**
   * @param title what the run is about, for its details and its failure
   * @param follows what a follow-up is about: it waits for an operator for ever, and tells finance every two weeks.
   *   A run of an event, which has none, fails instead, because what guards its effects expires.
   * @param lastCommand the last command of the earlier run that this one continues
   */
  constructor(title: string, follows?: OperatorsInbox['follows'], lastCommand = '') {
    this.title = title;
    this.follows = follows;
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
      const heard = this.wordFromNow(name);
      const since = new Date(Date.now());
      try {
        for (let fois = 1; !(await condition(() => heard() !== undefined, OPEN_MS)); fois++) {
          if (!this.follows || !patched('never-stranded')) return 'failed';
          this.isStranded({ ...this.follows, handler: name, depuis: since.toISOString(), fois });
        }
      } catch (cancelled) {
        // nobody waits for a decision about it any more
        this.settled(name);
        throw cancelled;
      }
      const { kind } = heard()!;
      if (kind === 'redrive') this.memo[name] = { ...this.memo[name]!, state: 'trying' };
      this.settled(name, kind === 'redrive');
      if (kind === 'skip') return givenUp(heard()!);
    }
  }

  /**
   * Runs late attempts of a handler until they end, or until an operator's decision about it: to try it at once, or to
   * give it up. An attempt that is running ends first, and what it did counts.
   * @param attempts from now on; cancelled by a decision
   */
  async settleLate<T>(name: string, attempts: () => Promise<T>): Promise<T | { skipped: string }> {
    for (;;) {
      const heard = this.wordFromNow(name);
      const scope = new CancellationScope();
      let isOver = false;
      const attempted = scope.run(attempts).finally(() => (isOver = true));
      attempted.catch(() => {});
      await condition(() => isOver || heard() !== undefined);
      if (!isOver) scope.cancel();
      try {
        return await attempted;
      } catch (error) {
        // a skip that was heard while the attempt of a redrive ended counts, too
        const word = heard('skip') ?? heard();
        if (word?.kind === 'skip') return givenUp(word);
        // it has just been refused: trying again needs another word
        if (!word || isRefusal(error)) throw error;
      }
    }
  }

  /** The handler is late and continues slowly. */
  isLate(name: string, error: unknown): void {
    this.late.add(name);
    this.describe(name, 'late', rootCause(error) ?? String(error));
    this.show('late');
  }

  /** Shows in the details what the run is doing. */
  isAt(step: string): void {
    this.step = step;
    this.show();
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
    this.show();
  }

  /** The first decision about a handler after this moment; or the first of a kind. */
  private wordFromNow(name: string): (kind?: Heard['kind']) => Heard | undefined {
    const seen = this.words.length;
    return (only) =>
      this.words.slice(seen).find(({ kind, concerns }) => concerns(name) && (!only || kind === only));
  }

  private hasFailed(name: string, reason: string): void {
    const wasLate = this.late.delete(name);
    this.failed.set(name, reason);
    this.describe(name, 'failed', reason);
    this.show(...(wasLate ? (['late'] as const) : []), 'failed');
  }

  /** Nobody has decided about a failed handler for two weeks: says so, and again after two more. */
  private isStranded(about: Omit<Stranded, 'raison'>): void {
    this.stranded.add(about.handler);
    this.show('stranded');
    const raison = this.failed.get(about.handler) ?? '';
    // the decision is waited for meanwhile; if this is refused, the search attribute still tells
    tellOfStranded({ ...about, raison }).catch(() => {});
  }

  private describe(name: string, state: 'failed' | 'late', reason: string): void {
    const since = new Date(Date.now()).toISOString();
    this.memo[name] = { state, reason: reason.slice(0, LONGEST_REASON), since };
  }

  private settled(name: string, triesAgain = false): void {
    if (!triesAgain) delete this.memo[name];
    const shown = { late: this.late, failed: this.failed, stranded: this.stranded };
    const changed = (['late', 'failed', 'stranded'] as const).filter((which) => shown[which].delete(name));
    if (changed.length) this.show(...changed);
    else this.keepMemo();
  }

  /** Lists read the memo: what failed, since when and why, so that operators see causes without opening each run. */
  private keepMemo(): void {
    const memo = JSON.stringify(this.memo);
    if (memo === this.keptMemo || !patched('handlers-memo')) return;
    this.keptMemo = memo;
    upsertMemo({ [HANDLERS_MEMO]: { ...this.memo } });
  }

  private describeFailed(): string {
    return [...this.failed].map(([name, reason]) => `${name} (${reason})`).join(', ');
  }

  /** Shows everything in the details, and in the search attributes what has changed. */
  private show(...changed: ('late' | 'failed' | 'stranded')[]): void {
    const names = {
      late: { key: LateHandlers, value: [...this.late] },
      failed: { key: FailedHandlers, value: [...this.failed.keys()] },
      stranded: { key: StrandedHandlers, value: [...this.stranded] },
    };
    for (const which of changed) {
      const { key, value } = names[which];
      upsertSearchAttributes([{ key, value: value.length ? value : null }]);
    }
    this.keepMemo();
    const anyFailed = this.failed.size > 0;
    const lines = [
      ...(this.step ? [this.step] : []),
      ...(this.lastCommand ? [`Dernière commande: ${this.lastCommand}`] : []),
      ...(anyFailed ? [`**En échec**, ${this.title}: ${this.describeFailed()}`] : []),
      ...(this.stranded.size
        ? ['Personne n’a répondu depuis deux semaines: l’équipe finance est prévenue.']
        : []),
      ...(anyFailed ? ['Envoyer le signal `redrive` ou `skip` avec `{who, why}`.'] : []),
      ...(anyFailed && this.lacksReason ? ['Un `skip` sans raison a été ignoré: `why` est nécessaire.'] : []),
      ...(this.late.size
        ? [
            `En retard, réessayé toutes les dix minutes: ${[...this.late].join(', ')}`,
            'Le signal `redrive` les essaie tout de suite, `skip` y renonce.',
          ]
        : []),
    ];
    setCurrentDetails(lines.join('\n\n'));
  }
}

import type { Call } from '@crm/kit';
import { EtatHandler, Issue, type DecideRequest, type Outcome } from '@crm/proto/ops/ops';
import { HANDLERS_MEMO, type HandlersMemo } from '@crm/workflows/handler-memo';
import type { Word } from '@crm/workflows/operators-inbox';
import type { WorkflowClient, WorkflowExecutionDescription } from '@temporalio/client';
import { setTimeout as delay } from 'node:timers/promises';
import PQueue from 'p-queue';
import { readRun, type FailedHandler } from './failed-runs.ts';
import type { Temporal } from './temporal.ts';

/** Requests to Temporal at once: it serves workers meanwhile. */
const AT_ONCE = 20;
const LOOK_EVERY_MS = 1_000;
const DEFAULT_WAIT_S = 60;
/** A run from before reasons were kept does not say that it tries again; its first attempt takes at most five seconds. */
const SILENT_MS = 8_000;

type Kind = 'redrive' | 'skip';

/** A decision that was given to a run. */
type Told = { workflowId: string; handlers: FailedHandler[]; at: number };

/** Gives a decision to runs, and streams what became of each as soon as it is known. */
export const decide = (temporal: Temporal, kind: Kind) =>
  async function* (request: DecideRequest, { caller, signal }: Call): AsyncIterable<Outcome> {
    const { workflowIds, handlers, motif, attenteSecondes } = request;
    const endsAt = Date.now() + (attenteSecondes || DEFAULT_WAIT_S) * 1_000;
    const word = { who: caller.sub, why: motif.trim() };
    const told: Told[] = [];
    for (const answer of await all(workflowIds, signal, (workflowId) =>
      temporal(({ workflow }) => tell(workflow, kind, workflowId, handlers, word)).catch(
        unreached(workflowId),
      ),
    )) {
      if ('issue' in answer) yield answer;
      else told.push(answer);
    }
    let waiting = told;
    while (waiting.length && !signal.aborted) {
      const looked = await all(waiting, signal, async (run) => ({
        run,
        // what cannot be read now is read again
        outcome: await temporal(({ workflow }) => look(workflow, kind, run)).catch(() => undefined),
      }));
      const isOver = Date.now() >= endsAt;
      for (const { outcome } of looked)
        if (outcome && (isOver || outcome.issue !== Issue.EN_COURS)) yield outcome;
      waiting = looked
        .filter(({ outcome }) => !outcome || outcome.issue === Issue.EN_COURS)
        .map(({ run }) => run);
      if (isOver) {
        for (const { run, outcome } of looked) {
          if (!outcome) yield { workflowId: run.workflowId, issue: Issue.EN_COURS, detail: '' };
        }
        return;
      }
      if (waiting.length) await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    }
  };

async function all<T, R>(items: T[], signal: AbortSignal, work: (item: T) => Promise<R>): Promise<R[]> {
  const queue = new PQueue({ concurrency: AT_ONCE });
  return await queue.addAll(
    items.map((item) => () => work(item)),
    { signal },
  );
}

async function tell(
  workflows: WorkflowClient,
  kind: Kind,
  workflowId: string,
  names: string[],
  word: Pick<Word, 'who' | 'why'>,
): Promise<Told | Outcome> {
  const handle = workflows.getHandle(workflowId);
  const description = await handle.describe();
  const handlers = readRun(description).handlers.filter(
    ({ handler }) => !names.length || names.includes(handler),
  );
  if (description.status.name !== 'RUNNING' || !handlers.length)
    return { workflowId, issue: Issue.RIEN_A_FAIRE, detail: 'rien n’y attend de décision' };
  await handle.signal<[Word]>(kind, { ...word, handlers: handlers.map(({ handler }) => handler) });
  return { workflowId, handlers, at: Date.now() };
}

const unreached =
  (workflowId: string) =>
  (error: unknown): Outcome =>
    (error as Error).name === 'WorkflowNotFoundError'
      ? { workflowId, issue: Issue.RIEN_A_FAIRE, detail: 'ce run est terminé, ou n’existe pas' }
      : { workflowId, issue: Issue.NON_ATTEINT, detail: (error as Error).message };

/** What became of a run so far. */
async function look(
  workflows: WorkflowClient,
  kind: Kind,
  { workflowId, handlers, at }: Told,
): Promise<Outcome> {
  const description = await workflows.getHandle(workflowId).describe();
  const done = kind === 'redrive' ? Issue.FAIT : Issue.ABANDONNE;
  const states = handlers.map((before) => stateOf(before, description, at));
  const failed = states.filter(({ state }) => state === 'failed');
  const trying = states.filter(({ state }) => state === 'trying');
  if (description.status.name !== 'RUNNING') {
    if (description.status.name === 'COMPLETED') return { workflowId, issue: done, detail: '' };
    return { workflowId, issue: Issue.ECHEC_ENCORE, detail: `le run a fini : ${description.status.name}` };
  }
  if (trying.length) return { workflowId, issue: Issue.EN_COURS, detail: reasonsOf(trying) };
  if (failed.length) return { workflowId, issue: Issue.ECHEC_ENCORE, detail: reasonsOf(failed) };
  return { workflowId, issue: done, detail: '' };
}

const reasonsOf = (states: { handler: string; reason: string }[]): string =>
  states.map(({ handler, reason }) => `${handler} : ${reason || 'en cours'}`).join(' ; ');

function stateOf(
  before: FailedHandler,
  description: WorkflowExecutionDescription,
  toldAt: number,
): { handler: string; reason: string; state: 'done' | 'failed' | 'trying' } {
  const { handler } = before;
  const now = readRun(description).handlers.find((one) => one.handler === handler);
  const memo = (description.memo?.[HANDLERS_MEMO] as HandlersMemo | undefined)?.[handler];
  const reason = lastFailure(description) || now?.reason || memo?.reason || '';
  if (now?.etat === EtatHandler.ECHEC) {
    // the decision has not been read yet, or it failed again since
    const isSame = before.etat === EtatHandler.ECHEC && now.since.getTime() === before.since.getTime();
    return { handler, reason, state: isSame ? 'trying' : 'failed' };
  }
  if (now || memo?.state === 'trying') return { handler, reason, state: 'trying' };
  const knows = before.reason !== '';
  const isSilent = !knows && (hasPending(description) || Date.now() - toldAt < SILENT_MS);
  return { handler, reason, state: isSilent ? 'trying' : 'done' };
}

const hasPending = ({ raw }: WorkflowExecutionDescription): boolean =>
  (raw.pendingActivities ?? []).length > 0;

/** Why the last attempt of an activity of the run failed, while it waits for the next one. */
const lastFailure = ({ raw }: WorkflowExecutionDescription): string =>
  raw.pendingActivities?.map(({ lastFailure: failure }) => failure?.message ?? '').find(Boolean) ?? '';

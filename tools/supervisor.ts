import { setTimeout as delay } from 'node:timers/promises';
import { stopChild, type Child } from './child.ts';
import type { ChildName } from './parts.ts';
import { describeError } from './plain-error.ts';
import { send } from './process-record.ts';

/**
 * The order of stopping, and how long each step may delay the next. What is left after `STOP_MS` is killed.
 */
const STOP_STEPS: { children: ChildName[]; patienceMs: number }[] = [
  { children: ['console', 'ops', 'workers'], patienceMs: 3_500 },
  { children: ['services'], patienceMs: 2_000 },
  { children: ['temporal', 'nats', 'mail'], patienceMs: 1_500 },
  { children: ['postgres'], patienceMs: 1_000 },
];
const STOP_MS = 8_000;

const RESTART_PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** After running for this long, a child's earlier crashes no longer count. */
const SETTLED_MS = 60_000;

export interface SupervisorOptions {
  /** Starts a child and resolves when it is ready. If the signal aborts it, nothing is left running. */
  launch: (name: ChildName, signal: AbortSignal) => Promise<Child>;
  /** Restart a child that ends by itself. */
  restartCrashed: boolean;
  onCrash: (name: ChildName, text: string) => void;
  onRestart: (name: ChildName) => void;
}

/** Manages the children of a platform: starts, restarts, signals and stops them. */
export interface Supervisor {
  /** Aborted once everything is to end. */
  closing: AbortSignal;
  pid: (name: ChildName) => number | undefined;
  start: (name: ChildName) => Promise<void>;
  /** Also aborts a start of the child that is in progress. */
  stop: (name: ChildName, graceMs?: number) => Promise<void>;
  kill: (name: ChildName, signal: NodeJS.Signals) => Promise<void>;
  /** Aborts starts in progress and stops what runs, within 10 s. */
  stopAll: () => Promise<void>;
}

interface Launch {
  done: Promise<void>;
  breakOff: AbortController;
}

export function supervise({ launch, restartCrashed, onCrash, onRestart }: SupervisorOptions): Supervisor {
  const closing = new AbortController();
  const children = new Map<ChildName, Child>();
  const wanted = new Set<ChildName>();
  const crashes = new Map<ChildName, number>();
  const launches = new Map<ChildName, Launch>();

  /** Joins a start of the same child that is in progress. */
  function start(name: ChildName): Promise<void> {
    wanted.add(name);
    const known = launches.get(name);
    if (known) return known.done;
    const breakOff = new AbortController();
    const done = launch(name, AbortSignal.any([closing.signal, breakOff.signal]))
      .then((child) => watch(name, child))
      .finally(() => launches.delete(name));
    launches.set(name, { done, breakOff });
    return done;
  }

  function watch(name: ChildName, child: Child): void {
    children.set(name, child);
    const servedSince = Date.now();
    void child.ended.then((how) => {
      children.delete(name);
      if (closing.signal.aborted || !wanted.has(name)) return;
      if (Date.now() - servedSince > SETTLED_MS) crashes.delete(name);
      if (restartCrashed) void revive(name, `ended (${how})`);
      else onCrash(name, `ended (${how})`);
    });
  }

  /** Retries until the child is ready again, or no longer wanted. */
  async function revive(name: ChildName, reason: string): Promise<void> {
    const count = crashes.get(name) ?? 0;
    crashes.set(name, count + 1);
    const pauseMs = RESTART_PAUSES_MS[Math.min(count, RESTART_PAUSES_MS.length - 1)]!;
    onCrash(name, `${reason}; it is started again in ${pauseMs / 1000} s`);
    await delay(pauseMs, undefined, { signal: closing.signal }).catch(() => {});
    if (closing.signal.aborted || !wanted.has(name) || children.has(name)) return;
    try {
      await start(name);
      onRestart(name);
    } catch (error) {
      if (wanted.has(name) && !closing.signal.aborted)
        await revive(name, `did not start: ${describeError(error)}\nIt`);
    }
  }

  async function stop(name: ChildName, graceMs = STOP_MS): Promise<void> {
    wanted.delete(name);
    const launching = launches.get(name);
    launching?.breakOff.abort();
    await launching?.done.catch(() => {}); // its error goes to the one who started it
    const child = children.get(name);
    if (child) await stopChild(child, graceMs);
  }

  async function stopAll(): Promise<void> {
    closing.abort();
    const killAt = Date.now() + STOP_MS;
    const stops: Promise<unknown>[] = [...launches.values()].map(({ done }) => done);
    for (const step of STOP_STEPS) {
      const running = step.children.flatMap((name) => children.get(name) ?? []);
      const stopping = running.map((child) => stopChild(child, Math.max(0, killAt - Date.now())));
      stops.push(...stopping);
      await Promise.race([Promise.all(stopping), delay(step.patienceMs, undefined, { ref: false })]);
    }
    await Promise.allSettled(stops);
  }

  return {
    closing: closing.signal,
    pid: (name) => children.get(name)?.pid,
    start: async (name) => {
      if (children.has(name)) throw new Error(`${name} runs already`);
      await start(name);
    },
    stop,
    kill: async (name, signal) => {
      const child = children.get(name);
      if (!child) throw new Error(`${name} does not run`);
      if (signal === 'SIGKILL') await stopChild(child, 0);
      else send(child.pid, signal);
    },
    stopAll,
  };
}

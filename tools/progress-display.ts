import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from 'listr2';
import { NEEDS, TITLES, type Part } from './parts.ts';
import type { Progress } from './platform.ts';

export interface ProgressDisplay {
  /** To be called with every step of the start. */
  show: (progress: Progress) => void;
  /** Ends the display, parts that are not ready being shown as such. Resolves when its last line is out. */
  close: () => Promise<void>;
}

/** One line a part with what it waits for and how long it took; without a terminal, a plain line for each change. */
export function displayProgress(parts: Part[]): ProgressDisplay {
  const lines = new Map(parts.map((part) => [part, createLine(part, parts)]));
  const list = new Listr<unknown, 'default', 'simple'>(
    [...lines].map(([part, line]) => ({ title: TITLES[part], task: (_, task) => line.attach(task) })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false, // Ctrl-C is the launcher's to handle
      renderer: 'default',
      rendererOptions: { showErrorMessage: false },
      fallbackRenderer: 'simple', // without a terminal
    },
  );
  const finished = list.run();
  return {
    show: (progress) => lines.get(progress.part)?.show(progress),
    close: async () => {
      for (const line of lines.values()) line.fail();
      await finished;
    },
  };
}

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

interface Line {
  attach: (task: Task) => Promise<void>;
  show: (progress: Progress) => void;
  fail: () => void;
}

/** listr2 attaches its task some time after it was started; until then, what happens is kept here. */
function createLine(part: Part, shown: Part[]): Line {
  const needs = NEEDS[part].filter((need) => shown.includes(need)).map((need) => TITLES[need]);
  let title = TITLES[part];
  let detail = needs.length > 0 ? `waits for ${needs.join(', ')}` : '';
  let task: Task | undefined;
  let startedAt = 0;
  let done = () => {};
  let fail = () => {};
  const outcome = new Promise<void>((resolve, reject) => {
    done = resolve;
    fail = () => reject(new Error());
  });
  outcome.catch(() => {}); // one that fails before it is attached

  function draw(): void {
    if (!task) return;
    task.title = title;
    if (detail && process.stdout.isTTY) task.output = detail;
  }

  return {
    fail: () => fail(),
    attach: (attached) => {
      task = attached;
      draw();
      return outcome;
    },
    show: ({ state, text = '' }) => {
      if (state === 'starting') startedAt = performance.now();
      if (state === 'external') title = `${TITLES[part]} · yours`;
      if (state === 'ready') title = `${TITLES[part]} · ${seconds(performance.now() - startedAt)}`;
      detail = state === 'starting' ? 'starting' : text;
      draw();
      if (state === 'external' || state === 'ready') done();
    },
  };
}

/** `7.3 s` */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

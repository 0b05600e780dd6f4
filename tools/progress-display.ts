import { Listr, type ListrTask } from 'listr2';
import { NEEDS, TITLES, type Part } from './parts.ts';
import type { Progress } from './platform.ts';

export interface ProgressDisplay {
  /** Called at every step of the start. */
  show: (progress: Progress) => void;
  /**
   * Ends the display; parts that are not ready are shown as such. Resolves after the last line was written.
   */
  close: () => Promise<void>;
}

type Task = Parameters<ListrTask['task']>[1];

interface Line {
  task: Task;
  done: () => void;
  fail: (error: Error) => void;
  startedAt: number;
}

/**
 * One line for each part, with what it waits for and its duration; without a terminal, a plain line for each
 * change.
 */
export async function displayProgress(parts: Part[]): Promise<ProgressDisplay> {
  const lines = new Map<Part, Line>();
  const tasks = parts.map((part): ListrTask => {
    const task = (_: unknown, task: Task) =>
      new Promise<void>((done, fail) => lines.set(part, { task, done, fail, startedAt: 0 }));
    return { title: TITLES[part], task };
  });
  const finished = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    registerSignalListeners: false, // the launcher handles Ctrl-C
    rendererOptions: { showErrorMessage: false },
    fallbackRenderer: 'simple', // without a terminal
  }).run();
  while (lines.size < parts.length) await new Promise(setImmediate); // listr2 starts them a little later
  for (const [part, line] of lines) {
    const needs = NEEDS[part].filter((need) => lines.has(need)).map((need) => TITLES[need]);
    if (needs.length > 0) detail(line, `waits for ${needs.join(', ')}`);
  }
  return {
    show: ({ part, state, text = '' }) => {
      const line = lines.get(part);
      if (!line) return;
      if (state === 'starting') line.startedAt = performance.now();
      detail(line, state === 'starting' ? 'starting' : text);
      if (state === 'external') end(line, `${TITLES[part]} · yours`);
      if (state === 'left out') end(line, `${TITLES[part]} · not started: ${text}`);
      if (state === 'crashed') line.fail(new Error());
      if (state === 'ready') end(line, `${TITLES[part]} · ${seconds(performance.now() - line.startedAt)}`);
    },
    close: async () => {
      for (const line of lines.values()) line.fail(new Error());
      await finished;
    },
  };
}

function end(line: Line, title: string): void {
  line.task.title = title;
  line.done();
}

/** Only in a terminal, where the line is overwritten. */
function detail({ task }: Line, text: string): void {
  if (process.stdout.isTTY) task.output = text;
}

/** `7.3 s` */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

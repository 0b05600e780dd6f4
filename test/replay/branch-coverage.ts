import type { WorkflowBundlePath } from '@temporalio/worker';
import { createRequire } from 'node:module';
import { bundleCopies, workflowSources } from './copy-workflows.ts';

type At = { start: { line?: number } };
/** Istanbul's data about a file: its branches, their ways, and how often each way was taken. */
type FileCounters = {
  branchMap: Record<string, { type: string; loc: At; locations: At[] }>;
  b: Record<string, number[]>;
};
export type Counters = Record<string, FileCounters>;

/** A way that a branch can take. */
export type Way = { file: string; line: number; what: string; text: string; times: number };

type Instrumenter = { instrumentSync(code: string, filename: string): string };
type Istanbul = { createInstrumenter(options: object): Instrumenter };
const { createInstrumenter } = createRequire(import.meta.url)('istanbul-lib-instrument') as Istanbul;

/** Bundles the workflows so that each run counts the ways it takes. */
export async function instrumentedBundle(): Promise<WorkflowBundlePath> {
  const instrumenter = createInstrumenter({
    esModules: true,
    parserPlugins: ['typescript'],
    // no I/O, no `Function` in the sandbox
    coverageGlobalScope: 'globalThis',
    coverageGlobalScopeFunc: false,
  });
  const sources = Object.entries(workflowSources()).map(([file, text]): [string, string] => [
    file,
    instrumenter.instrumentSync(text, file),
  ]);
  return await bundleCopies({ all: Object.fromEntries(sources) }, `export * from './all/index.ts';\n`);
}

/** Adds up the counters of several runs. */
export function addCounters(sum: Counters, run: Counters): Counters {
  for (const [file, { branchMap, b }] of Object.entries(run)) {
    sum[file] ??= {
      branchMap,
      b: Object.fromEntries(Object.entries(b).map(([id, n]) => [id, n.map(() => 0)])),
    };
    for (const [id, times] of Object.entries(b)) {
      sum[file].b[id] = times.map((n, way) => n + (sum[file]!.b[id]?.[way] ?? 0));
    }
  }
  return sum;
}

const WAYS: Record<string, string[]> = {
  if: ['then', 'else'],
  'cond-expr': ['then', 'else'],
  'default-arg': ['default'],
};

/** Every way of every branch, in the order of the sources. */
export function waysOf(counters: Counters): Way[] {
  const sources = workflowSources();
  const ways = Object.entries(counters).flatMap(([file, { branchMap, b }]) =>
    Object.entries(branchMap).flatMap(([id, { type, loc, locations }]) =>
      locations.map((at, way): Way => {
        const line = at.start.line ?? loc.start.line!;
        const text = sources[file]!.split('\n')[line - 1]!.trim();
        const what = WAYS[type]?.[way] ?? `${type === 'switch' ? 'case' : 'operand'} ${way + 1}`;
        return { file, line, what, text, times: b[id]![way]! };
      }),
    ),
  );
  return ways.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** For people: the ways that the histories of each workflow type take, and the ways that none takes. */
export function describeCoverage(byType: Map<string, Counters>): string {
  const all: Counters = {};
  const lines = [
    'Branches of workflow code that histories take, of those in the files that a type goes through:',
  ];
  for (const [type, counters] of [...byType].sort()) {
    addCounters(all, counters);
    const gone = byFile(waysOf(counters)).filter(([, ways]) => ways.some(({ times }) => times > 0));
    lines.push(`  ${type}: ${gone.map(([file, ways]) => `${file} ${share(ways)}`).join(', ') || 'has none'}`);
  }
  lines.push('Branches that no history takes (queries and the validators of updates run in no replay):');
  for (const [file, ways] of byFile(waysOf(all))) {
    if (ways.every(({ times }) => times === 0)) {
      lines.push(`  ${file}: nothing of it runs in a workflow`);
      continue;
    }
    const never = ways.filter(({ times }) => times === 0);
    lines.push(`  ${file} ${share(ways)}`);
    for (const line of new Set(never.map((way) => way.line))) {
      const here = never.filter((way) => way.line === line);
      const whats = [...new Set(here.map(({ what }) => what))].join(', ');
      lines.push(`    ${file}:${line} ${whats}: ${here[0]!.text}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const byFile = (ways: Way[]): [string, Way[]][] =>
  [...new Set(ways.map(({ file }) => file))].map((file) => [file, ways.filter((way) => way.file === file)]);
const share = (ways: Way[]): string => `${ways.filter(({ times }) => times > 0).length}/${ways.length}`;

import * as workflows from '@crm/workflows';
import { Command, InvalidArgumentError } from 'commander';
import type { WorkflowBundlePath } from '@temporalio/worker';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import inspector from 'node:inspector';
import { compileFunction } from 'node:vm';
import { join } from 'node:path';
import { ROOT } from './data-folder.ts';
import { withTemporal } from './ops/connections.ts';
import { describeError, PlainError } from './plain-error.ts';
import {
  countOpen,
  fetchHistory,
  openHistories,
  readHistoryFile,
  type Which,
} from './replay/fetch-histories.ts';
import { quietRuntime } from './quiet-runtime.ts';
import { replayBundle } from './replay/replay-bundle.ts';
import { replayHistories, type Named } from './replay/replay-histories.ts';

type Options = Which & {
  runId?: string;
  running?: boolean;
  file?: string;
  record?: string[] | true;
  inspectBrk?: string | true;
};

const program = new Command('npm run replay --')
  .description(
    `Replays histories of workflows against the working tree and says which would break, and where: with the workflow’s
type and id and the first event that the code does otherwise now.

TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE name the server, else it is the local platform’s. Nothing is changed there.
Exit code: 0 when nothing would break, 1 when something would or could not be looked at.`,
  )
  .argument(
    '[workflowId]',
    'the workflow whose history is fetched: relance/…, suivi/…, retry/…, an event’s id',
  )
  .option('--run-id <id>', 'one run of it; default: the last')
  .option('--running', 'every open workflow of the namespace: the check before a deploy')
  .option('--type <name>', 'with --running: only those of this type')
  .option('--limit <n>', 'with --running: so many at most', count)
  .option('--file <path>', 'a history that was downloaded, as JSON')
  .option(
    '--record [case...]',
    'plays stories on a platform of its own and writes their histories, as `npm run histories` does',
  )
  .option('--inspect-brk [host:port]', 'waits for a debugger, and stops before the replay');

try {
  await program.action(replay).parseAsync();
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 1;
}

async function replay(workflowId: string | undefined, options: Options): Promise<void> {
  const { runId, running, file, record } = options;
  const asked = [workflowId, running, file, record].filter(Boolean).length;
  if (asked !== 1)
    throw new PlainError('Name one workflow, or say --running, --file <path> or --record. See --help.');
  if (runId && !workflowId)
    throw new PlainError('--run-id is a run of the workflow that is named before it.');
  if (!running && (options.type || options.limit)) {
    throw new PlainError('--type and --limit choose among what --running looks at.');
  }
  if (record) return await recordHistories(record === true ? [] : record);
  if (file) return await judge([readHistoryFile(file)], options);
  await withTemporal(async (client) => {
    if (workflowId) return await judge([await fetchHistory(client, workflowId, runId)], options);
    await judge(openHistories(client, options), options, await countOpen(client, options));
  });
}

/** Records the stories of the tests, which nothing here imports statically. */
async function recordHistories(cases: string[]): Promise<void> {
  const script = join(ROOT, 'test/replay/export-histories.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...cases], { stdio: 'inherit' });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
}

async function judge(
  histories: Iterable<Named> | AsyncIterable<Named>,
  { inspectBrk }: Options,
  total?: number,
): Promise<void> {
  quietRuntime();
  const bundle = await replayBundle();
  if (inspectBrk) attached(inspectBrk, bundle);
  const byType = new Map<string, number>();
  let broken = 0;
  let replayed = 0;
  for await (const { workflowType, broken: message } of replayHistories(bundle, histories, {
    types: Object.keys(workflows),
  })) {
    replayed++;
    byType.set(workflowType, (byType.get(workflowType) ?? 0) + 1);
    if (message) {
      broken++;
      clearProgress();
      console.log(message);
    }
    if (total) showProgress(`${replayed} of ${total} replayed, ${broken} would break`);
  }
  clearProgress();
  const types = [...byType].sort().map(([type, n]) => `${type} ${n}`);
  console.log(
    `${replayed} replayed${types.length ? ` (${types.join(', ')})` : ''}: ${broken || 'none'} would break`,
  );
  if (broken) process.exitCode = 1;
}

/**
 * Returns once a debugger is attached and has continued from here: from now on it knows the workflows and
 * their breakpoints.
 */
function attached(at: string | true, { codePath }: WorkflowBundlePath): void {
  const [port = '9229', host = '127.0.0.1'] = (at === true ? '' : at).split(':').reverse();
  inspector.open(Number(port || 9229), host, true);
  // none of it is run: it tells the debugger the source map, which names workflows/*.ts
  compileFunction(readFileSync(codePath, 'utf8'), [], { filename: codePath });
  // eslint-disable-next-line no-debugger
  debugger;
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

function count(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('is no number of workflows.');
  return Number(text);
}

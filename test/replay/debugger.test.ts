import { jest } from '@jest/globals';
import { ROOT } from '@crm/tools/data-folder';
import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import WebSocket from 'ws';
import { until } from '../support/until.ts';

jest.setTimeout(120_000);

type Frame = {
  location: { scriptId: string; lineNumber: number; columnNumber: number };
  callFrameId: string;
};
type Told = {
  method: string;
  params: {
    url?: string;
    scriptId?: string;
    sourceMapURL?: string;
    callFrames?: Frame[];
    hitBreakpoints?: [];
  };
};

/** Speaks the protocol of Chrome's and VS Code's debuggers. */
async function attach(url: string) {
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const told: Told[] = [];
  const waiting = new Map<number, (answer: { result: never; error?: { message: string } }) => void>();
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Told & { id?: number };
    if (message.id) waiting.get(message.id)!(message as never);
    else told.push(message);
  });
  let asked = 0;
  return {
    told,
    say: <T = object>(method: string, params: object = {}): Promise<T> =>
      new Promise((resolve, reject) => {
        const id = ++asked;
        waiting.set(id, ({ result, error }) => (error ? reject(new Error(error.message)) : resolve(result)));
        socket.send(JSON.stringify({ id, method, params }));
      }),
    /** The `nth` stop. */
    stop: (nth: number): Promise<Told> =>
      until(`stop ${nth}`, () => told.filter(({ method }) => method === 'Debugger.paused')[nth - 1]),
    detach: () => socket.close(),
  };
}

test('a debugger stops in the workflow where it is told to, while the history is replayed', async () => {
  const source = readFileSync(join(ROOT, 'workflows/first-follow-up.ts'), 'utf8').split('\n');
  const wanted = source.findIndex((line) => line.includes('await sleepUntil(input.dateRappel'));
  expect(wanted).toBeGreaterThan(0);

  const file = join(ROOT, 'test/replay/histories/firstFollowUp/task-done.json');
  const argv = ['--import', 'tsx', join(ROOT, 'tools/replay.ts'), '--file', file, '--inspect-brk', '0'];
  const child = spawn(process.execPath, argv, { cwd: ROOT, env: { ...process.env, NODE_OPTIONS: '' } });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => void (said += data.toString()));
  try {
    const url = await until('it to wait for a debugger', () => /ws:\/\/\S+/.exec(said)?.[0]);
    const debug = await attach(url);
    await debug.say('Debugger.enable');
    await debug.say('Runtime.runIfWaitingForDebugger');
    await debug.stop(1);

    // the sources are known where it stops, before anything is replayed
    const bundle = debug.told.find(({ params }) =>
      /\/workflows\/generated\/\w+\.cjs$/.test(params.url ?? ''),
    )!;
    const map = new SourceMap(payloadOf(bundle.params.sourceMapURL!));
    const lines = readFileSync(new URL(bundle.params.url!), 'utf8').split('\n');
    const at = lines.findIndex((_, line) => {
      const entry = map.findEntry(line, Infinity);
      return 'generatedLine' in entry && entry.generatedLine === line && isWanted(entry, wanted);
    });
    const { breakpointId } = await debug.say<{ breakpointId: string }>('Debugger.setBreakpointByUrl', {
      url: bundle.params.url,
      lineNumber: at,
    });
    await debug.say('Debugger.resume');
    const { params } = await debug.stop(2);
    expect(params.hitBreakpoints).toEqual([breakpointId]);
    const [frame] = params.callFrames!;
    const { lineNumber, columnNumber } = frame!.location;
    expect(isWanted(map.findEntry(lineNumber, columnNumber), wanted)).toBe(true);
    const { result } = await debug.say<{ result: { value: string } }>('Debugger.evaluateOnCallFrame', {
      callFrameId: frame!.callFrameId,
      expression: 'input.dateRappel',
    });
    expect(result.value).toMatch(/^\d{4}-\d\d-\d\dT/);

    await debug.say('Debugger.removeBreakpoint', { breakpointId });
    await debug.say('Debugger.resume');
    await until('its end', () => said.includes('1 replayed (firstFollowUp 1): none would break'));
    debug.detach();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  } finally {
    child.kill('SIGKILL');
  }
});

const payloadOf = (url: string): SourceMapPayload =>
  JSON.parse(Buffer.from(url.split(',')[1]!, 'base64').toString()) as SourceMapPayload;

const isWanted = (entry: ReturnType<SourceMap['findEntry']>, line: number): boolean =>
  'originalSource' in entry &&
  entry.originalSource.endsWith('/workflows/first-follow-up.ts') &&
  entry.originalLine === line;

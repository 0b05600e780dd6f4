import { Metadata, status } from '@grpc/grpc-js';
import { startEcho, METHODS, type Echo } from '../auth/testing/echo.ts';
import { oneCallAtATime, type Gate } from './one-call-at-a-time.ts';

const lines: unknown[] = [];
const log = { info: (line: unknown) => lines.push(line), warn: (line: unknown) => lines.push(line) };
let gate: Gate;
let echo: Echo;
beforeEach(async () => {
  gate = oneCallAtATime(new Set([METHODS.unary.path]), log as never);
  echo = await startEcho([gate.interceptor], (server) => server);
});
afterEach(() => echo.stop());

/** Simulates work that the gate waits for, until it is ended. */
function work(): () => void {
  let end = () => {};
  const held = new Promise<void>((resolve) => (end = resolve));
  void gate.inside(METHODS.unary.path, () => held)(undefined as never, undefined as never);
  return end;
}
const call = (headers = new Metadata()) => echo.call('unary', headers);
const handled = () => echo.handled.filter(({ kind }) => kind === 'unary').length;
const inTime = () => new Promise((resolve) => setTimeout(resolve, 100));

test('a call waits, unread, for work that goes on; others of the server do not', async () => {
  const end = work();
  const calls = [call(), call(), call()];
  while (!lines.some((line) => (line as { waiting?: number }).waiting === 3)) await inTime();
  expect(handled()).toBe(0);
  expect((await echo.call('check')).code).toBe(status.OK);
  end();
  expect((await Promise.all(calls)).map(({ code }) => Number(code))).toEqual([0, 0, 0]);
  expect(lines).toContainEqual({ method: METHODS.unary.path, waiting: 3 });
});

test('of many that wait the last is refused, and the others have their turn', async () => {
  const end = work();
  const calls = Array.from({ length: 25 }, () => call());
  // the others are answered only after the work has ended
  await new Promise<void>((resolve) => {
    let refused = 0;
    for (const one of calls) void one.then(() => ++refused === 5 && resolve());
  });
  end();
  const codes = (await Promise.all(calls)).map(({ code }) => Number(code));
  expect(codes.filter((code) => code === Number(status.RESOURCE_EXHAUSTED))).toHaveLength(5);
  expect(codes.filter((code) => code === Number(status.OK))).toHaveLength(20);
});

test('who goes away while waiting takes nobody’s turn', async () => {
  const end = work();
  const gone = echo.client.makeUnaryRequest(
    METHODS.unary.path,
    Buffer.from,
    Buffer.from as never,
    'x',
    () => {},
  );
  await inTime();
  gone.cancel();
  const next = call();
  await inTime();
  end();
  expect((await next).code).toBe(status.OK);
  expect((await call()).code).toBe(status.OK);
});

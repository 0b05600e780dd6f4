import { status } from '@grpc/grpc-js';
import { inContext } from '../rpc/work-context.ts';
import { RpcError } from '../rpc/errors.ts';
import { connectTemporal } from './connect-temporal.ts';

test('a command to a Temporal that is away is UNAVAILABLE within the caller’s deadline', async () => {
  const stops: (() => unknown)[] = [];
  const { update } = connectTemporal({
    config: { TEMPORAL_ADDRESS: '127.0.0.1:1', TEMPORAL_NAMESPACE: 'crm' } as never,
    onStop: (stop) => void stops.push(stop),
  });
  expect(stops).toEqual([]);
  await import('@temporalio/client'); // loads it once per process, outside of a caller's time
  const missing = { workflowId: 'relance/f-1', revive: () => Promise.resolve(undefined) };
  const ends = async (afterMs: number) => {
    const work = { correlationId: 'test', deadline: new Date(Date.now() + afterMs) };
    const error: unknown = await inContext(work, () => update(missing, 'pause', [{}])).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({ code: status.UNAVAILABLE });
    return afterMs;
  };
  // a minute is more than the command's own 8 s, and it ends later than for a caller with half a second
  expect(await Promise.race([ends(60_000), ends(500)])).toBe(500);
  for (const stop of stops) await stop();
});

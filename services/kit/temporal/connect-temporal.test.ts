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
  await import('@temporalio/client'); // loaded once a process, and not within a caller's time
  const began = Date.now();
  const work = { correlationId: 'test', deadline: new Date(began + 1_500) };
  const error = await inContext(work, () => update('relance/f-1', 'pause', [{}])).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({ code: status.UNAVAILABLE });
  expect(Date.now() - began).toBeLessThan(8_000); // without the caller's deadline it would be its own, 8 s;
  for (const stop of stops) await stop();
});

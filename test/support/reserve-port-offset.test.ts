import { serverPorts } from '@crm/tools/ports';
import { reservePortOffset } from './reserve-port-offset.ts';

test('two copies that ask for an offset get ports of their own, outside the range of outgoing connections', async () => {
  const services = [50051, 50070];
  const one = await reservePortOffset(services);
  const two = await reservePortOffset(services);
  try {
    expect(Math.abs(one.offset - two.offset)).toBeGreaterThanOrEqual(20);
    const highPorts = [one, two].flatMap(({ offset }) => [50051 + offset, serverPorts(offset).postgres]);
    expect(Math.min(...highPorts)).toBeGreaterThan(60_999);
  } finally {
    await one.release();
    await two.release();
  }
});

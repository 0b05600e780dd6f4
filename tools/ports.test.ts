import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { assertPortFree, parsePortOffset, serverPorts } from './ports.ts';

async function listen(port = 0): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, port: (server.address() as { port: number }).port };
}

test.each([
  [undefined, 0],
  ['', 0],
  ['1000', 1000],
])('PORT_OFFSET=%s is %i', (value, offset) => {
  expect(parsePortOffset(value)).toBe(offset);
});

test.each(['-1', '1.5', 'abc', '99999'])('PORT_OFFSET=%s is refused by name', (value) => {
  expect(() => parsePortOffset(value)).toThrow(`PORT_OFFSET=${value}`);
});

test('copies 1000 apart share no port', () => {
  const ports = [0, 1000, 2000, 3000].flatMap((offset) => Object.values(serverPorts(offset)));
  expect(new Set(ports).size).toBe(ports.length);
});

test('a taken port is told with its number, its use and another offset', async () => {
  const { server, port } = await listen();
  await expect(assertPortFree(port, 'NATS', 1000)).rejects.toThrow(
    `Port ${port} (NATS) is taken by another program. Stop it, or start Suivi on other ports: PORT_OFFSET=2000 npm start`,
  );
  server.close();
  await once(server, 'close');
  await assertPortFree(port, 'NATS', 1000);
});

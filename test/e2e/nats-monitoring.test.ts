import { sharedStack } from '../support/stack.ts';

const stack = sharedStack();

afterAll(() => stack.close());

test('NATS says on its monitoring port how it is, and that JetStream is on', async () => {
  const response = await fetch(`http://127.0.0.1:${8222 + stack.portOffset}/varz`);
  expect(response.status).toBe(200);
  const varz = (await response.json()) as { port: number; jetstream: { config: { sync_always?: boolean } } };
  expect(varz.port).toBe(4222 + stack.portOffset);
  expect(varz.jetstream.config.sync_always).toBe(true);
});

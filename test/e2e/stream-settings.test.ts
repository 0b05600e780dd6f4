import { ensureStream, STREAM } from '@crm/nats';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

const MAX_BYTES = 1024 ** 3;
const stack = sharedStack();

afterAll(() => stack.close());

test('the stream keeps all events for 14 days, and refuses new ones when it is full', async () => {
  const manager = await (await stack.nats()).jetstreamManager();
  const { config } = await manager.streams.info(STREAM);
  expect(config).toMatchObject({
    subjects: ['crm.events.>'],
    storage: 'file',
    retention: 'limits',
    discard: 'new',
    max_bytes: MAX_BYTES,
    max_age: 14 * 24 * 3600 * 1e9,
  });
});

test('the bridge’s consumer delivers without limit', async () => {
  const manager = await (await stack.nats()).jetstreamManager();
  const { config } = await manager.consumers.info(STREAM, 'bridge');
  expect(config).toMatchObject({ ack_policy: 'explicit', max_deliver: -1, deliver_policy: 'all' });
});

test('a consumer of an earlier release is brought up to date, and keeps its place', async () => {
  const nats = await stack.nats();
  const manager = await nats.jetstreamManager();
  const durable = unique('consumer');
  try {
    await ensureStream(nats, durable, { maxBytes: MAX_BYTES });
    const { config, created } = await manager.consumers.info(STREAM, durable);
    await manager.consumers.update(STREAM, durable, { ack_wait: 7e9, max_ack_pending: 7 });
    await ensureStream(nats, durable, { maxBytes: MAX_BYTES });
    const after = await manager.consumers.info(STREAM, durable);
    expect(after.config).toEqual(config);
    expect(after.created).toBe(created);
  } finally {
    await manager.consumers.delete(STREAM, durable);
  }
});

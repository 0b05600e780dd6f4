import { setTimeout as delay } from 'node:timers/promises';
import { median, openLoop } from './open-loop.ts';

test('a call that is held up by another counts from when it was due', async () => {
  let busy = Promise.resolve();
  const { p50, p99, count } = await openLoop(100, 1, () => (busy = busy.then(() => delay(20))));
  expect(count).toBe(100);
  // one at a time, twice as slow as they come in: the last waits for about a second
  expect(p99).toBeGreaterThan(500);
  expect(p50).toBeGreaterThan(200);
});

test('the middle of an odd and of an even number of values', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});

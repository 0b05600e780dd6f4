import { EVENT_EXPIRES_AFTER_MS, GUARDS_MS, OPEN_MS, STREAM_MS, WORKFLOWS_MS } from './retention.ts';

test('no redelivery outlives its guard', () => {
  expect(STREAM_MS).toBeLessThan(GUARDS_MS);
  expect(GUARDS_MS).toBeLessThan(WORKFLOWS_MS);
});

test('an event expires before its guard is purged, but not while its run waits for a word', () => {
  expect(EVENT_EXPIRES_AFTER_MS).toBeLessThan(GUARDS_MS);
  expect(STREAM_MS + OPEN_MS).toBeLessThan(EVENT_EXPIRES_AFTER_MS);
});

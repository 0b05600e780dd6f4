import { events } from './events.ts';
import { PATIENT, type Handler } from './event-table.ts';
import { EVENT_EXPIRES_AFTER_MS, GUARDS_MS, OPEN_MS, STREAM_MS, WORKFLOWS_MS } from './retention.ts';

test('no redelivery outlives its guard', () => {
  expect(STREAM_MS).toBeLessThan(GUARDS_MS);
  expect(GUARDS_MS).toBeLessThan(WORKFLOWS_MS);
});

test('an event expires before its guard is purged, but not while its run waits for a word', () => {
  const handlers = Object.values(events).flatMap(({ handlers }) => Object.values<Handler>(handlers));
  const attempts = handlers.map(
    ({ retry = PATIENT }) => retry.soonMinutes * 60_000 + retry.lateHours * 3_600_000,
  );
  expect(EVENT_EXPIRES_AFTER_MS).toBeLessThan(GUARDS_MS);
  // delivered on the stream's last day, late for as long as a handler may be, then open for as long as a run may be
  expect(STREAM_MS + Math.max(...attempts) + OPEN_MS).toBeLessThan(EVENT_EXPIRES_AFTER_MS);
});

import { instantInParis } from '@crm/domain';
import {
  assertPlannable,
  daysBefore,
  daysToAsk,
  planRetries,
  replanAt,
  runNowAt,
  silenceFrom,
  type OpenFrom,
} from './plan-retry.ts';
import { DEFAULT_POLITIQUE } from './politique.ts';

/** Closed on weekends and the given days. */
const closedOn =
  (...closed: string[]): OpenFrom =>
  (day) => {
    for (let at = new Date(`${day}T12:00:00Z`); ; at = new Date(at.getTime() + 24 * 3600 * 1000)) {
      const date = at.toISOString().slice(0, 10);
      if (![0, 6].includes(at.getUTCDay()) && !closed.includes(date)) return date;
    }
  };

const plan = (
  dateRejet: string,
  policy: Partial<typeof DEFAULT_POLITIQUE> = {},
  openFrom = closedOn(),
  connuLe: (string | undefined)[] = [],
) => {
  const rejet = { dateRejet: new Date(dateRejet), politique: { ...DEFAULT_POLITIQUE, ...policy } };
  const known = connuLe.map((instant) => (instant === undefined ? undefined : new Date(instant)));
  const asked = daysToAsk(rejet, known);
  const strict: OpenFrom = (day) => {
    expect(asked).toContain(day);
    return openFrom(day);
  };
  const { instants, epuise } = planRetries(rejet, strict, known);
  return [...instants.map((instant) => instant.toISOString().slice(0, 16)), ...(epuise ? ['épuisé'] : [])];
};

test('each attempt is so many days after the Paris date of the original rejection, at the cutoff', () => {
  expect(plan('2026-03-02T13:30:00Z')).toEqual(['2026-03-09T09:00', '2026-03-12T09:00', '2026-03-23T09:00']);
  // half past midnight in Paris is already the next day
  expect(plan('2026-03-01T23:30:00Z')[0]).toBe('2026-03-09T09:00');
  expect(plan('2026-03-03T23:30:00Z', { heureLimite: '15:45' })[0]).toBe('2026-03-09T14:45');
});

test('closed days move it forward', () => {
  expect(plan('2026-03-02T13:30:00Z', {}, closedOn('2026-03-09', '2026-03-10'))[0]).toBe('2026-03-11T09:00');
});

test('the hour is local on both sides of both clock changes', () => {
  expect(plan('2026-03-20T09:00:00Z', { delaisJours: [7, 10] })).toEqual([
    '2026-03-27T09:00',
    '2026-03-30T08:00',
  ]);
  expect(plan('2026-10-16T09:00:00Z', { delaisJours: [7, 10] })).toEqual([
    '2026-10-23T08:00',
    '2026-10-26T09:00',
  ]);
  // an hour that the change to summer time skips, on a Sunday that is open for once
  const open: OpenFrom = (day) => day;
  expect(plan('2026-03-24T09:00:00Z', { delaisJours: [5], heureLimite: '02:30' }, open)).toEqual([
    '2026-03-29T01:30',
  ]);
});

test('a leap day is a day', () => {
  expect(plan('2028-02-24T09:00:00Z', { delaisJours: [5] })).toEqual(['2028-02-29T09:00']);
});

test('an attempt on the last day allowed is made, one that moves past it is not', () => {
  const policy = { delaisJours: [10, 20, 30] };
  expect(plan('2026-03-02T08:00:00Z', policy)).toHaveLength(3);
  expect(plan('2026-04-23T08:00:00Z', policy)).toEqual(['2026-05-04T08:00', '2026-05-13T08:00', 'épuisé']);
  expect(plan('2026-03-02T08:00:00Z', { ...policy, maxJoursTotal: 29 })).toHaveLength(3);
  expect(plan('2026-03-02T08:00:00Z', { ...policy, maxJoursTotal: 29 })[2]).toBe('épuisé');
});

test('there are never more attempts than are allowed, or than there are delays', () => {
  expect(plan('2026-03-02T08:00:00Z', { maxTentatives: 2 })).toHaveLength(2);
  expect(plan('2026-03-02T08:00:00Z', { maxTentatives: 9 })).toHaveLength(3);
});

test('an attempt that the rejection before it overtakes goes on the next business day', () => {
  const second = (connuLe: string, openFrom = closedOn()) =>
    plan('2026-03-02T13:30:00Z', {}, openFrom, [undefined, connuLe])[1];
  expect(second('2026-03-12T09:00:00Z')).toBe('2026-03-12T09:00');
  expect(second('2026-03-12T09:00:00.001Z')).toBe('2026-03-13T09:00');
  expect(second('2026-03-13T15:00:00Z')).toBe('2026-03-16T09:00');
  expect(second('2026-03-13T15:00:00Z', closedOn('2026-03-16'))).toBe('2026-03-17T09:00');
  expect(second('2026-04-01T07:59:00Z')).toBe('épuisé');
  expect(second('2026-03-31T08:00:00Z')).toBe('2026-04-01T08:00');
});

describe('run now', () => {
  const runNow = (now: string, openFrom = closedOn()) =>
    runNowAt(new Date(now), '10:00', openFrom).toISOString();
  test('at or before the cutoff of a business day goes now', () => {
    expect(runNow('2026-03-09T06:12:00Z')).toBe('2026-03-09T06:12:00.000Z');
    expect(runNow('2026-03-09T09:00:00Z')).toBe('2026-03-09T09:00:00.000Z');
  });
  test('after it, or on a closed day, at the cutoff of the next business day', () => {
    expect(runNow('2026-03-09T09:00:00.001Z')).toBe('2026-03-10T09:00:00.000Z');
    expect(runNow('2026-03-13T09:00:01Z')).toBe('2026-03-16T09:00:00.000Z');
    expect(runNow('2026-03-14T07:00:00Z')).toBe('2026-03-16T09:00:00.000Z');
    expect(runNow('2026-03-09T06:00:00Z', closedOn('2026-03-09'))).toBe('2026-03-10T09:00:00.000Z');
    expect(runNow('2026-03-28T07:00:00Z')).toBe('2026-03-30T08:00:00.000Z');
  });
});

test('a day to which an attempt is moved gives its cutoff, or the next one that is still to come', () => {
  const now = new Date('2026-03-09T09:00:01Z');
  const replan = (day: string) => replanAt(day, now, '10:00', closedOn()).toISOString();
  expect(replan('2026-03-11')).toBe('2026-03-11T09:00:00.000Z');
  expect(replan('2026-03-14')).toBe('2026-03-16T09:00:00.000Z');
  expect(replan('2026-03-09')).toBe('2026-03-10T09:00:00.000Z');
});

test('silence means collected after five business days', () => {
  expect(silenceFrom('2026-03-09', closedOn()).toISOString()).toBe('2026-03-16T23:00:00.000Z');
  // Good Friday, Easter Monday and summer time
  expect(silenceFrom('2026-03-31', closedOn('2026-04-03', '2026-04-06')).toISOString()).toBe(
    '2026-04-09T22:00:00.000Z',
  );
});

test('the client is told at the same local hour', () => {
  expect(daysBefore(instantInParis('2026-03-30', '10:00'), 2).toISOString()).toBe('2026-03-28T09:00:00.000Z');
});

test('what would be planned beyond the calendar is refused by the name of the field', () => {
  const rejet = (dateRejet: string) => ({ dateRejet: new Date(dateRejet), politique: DEFAULT_POLITIQUE });
  expect(() => assertPlannable(rejet('2199-12-11T12:00:00Z'))).not.toThrow();
  expect(() => assertPlannable(rejet('2199-12-12T12:00:00Z'))).toThrow(/^dateRejet: /);
  expect(() => assertPlannable(rejet('2199-12-31T23:30:00Z'))).toThrow(/^dateRejet: /);
  const next = [undefined, new Date('2199-12-31T12:00:00Z')];
  expect(() => assertPlannable(rejet('2026-03-02T12:00:00Z'), next)).toThrow(/^rejetsSuivants: /);
});

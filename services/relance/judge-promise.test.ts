import { judgePromise, type Promised } from './judge-promise.ts';

const FRIDAY: Promised = { date: '2026-07-03', montant: 120_000n, retardLe: '2026-07-08' };
const AUGUST: Promised = { date: '2026-08-03', montant: 40_000n, retardLe: '2026-08-06' };
const open = (at: string) => ({ is: 'open', nextAt: new Date(at) });
const KEPT = { is: 'kept' };

/** Days begin at 22:00 UTC: it is summer in Paris. */
const OVER = '2026-07-03T22:00:00Z';
const LATE = '2026-07-07T22:00:00Z';

test.each([
  ['nothing yet, before the day', [FRIDAY], 0n, false, '2026-06-20T08:00:00Z', open(OVER)],
  ['the last moment of the day', [FRIDAY], 0n, false, '2026-07-03T21:59:59Z', open(OVER)],
  ['the day is over, the grace is not', [FRIDAY], 119_999n, false, OVER, open(LATE)],
  ['the last moment of the grace', [FRIDAY], 119_999n, false, '2026-07-07T21:59:59Z', open(LATE)],
  [
    'the grace is over, a cent is missing',
    [FRIDAY],
    119_999n,
    false,
    LATE,
    { is: 'broken', missed: FRIDAY, due: 120_000n },
  ],
  [
    'received early: the rest waits for the end of the day',
    [FRIDAY],
    120_000n,
    false,
    '2026-07-01T08:00:00Z',
    open(OVER),
  ],
  ['received, the day is over: no grace is needed', [FRIDAY], 120_000n, false, OVER, KEPT],
  ['received within the grace', [FRIDAY], 120_000n, false, '2026-07-06T08:00:00Z', KEPT],
  ['more than promised', [FRIDAY], 500_000n, false, OVER, KEPT],
  ['settled before the day, by a credit note for example', [FRIDAY], 0n, true, '2026-06-20T08:00:00Z', KEPT],
  ['settled too late, and nobody has judged it: kept', [FRIDAY], 0n, true, '2026-09-01T08:00:00Z', KEPT],
  [
    'more was returned than received',
    [FRIDAY],
    -5n,
    false,
    LATE,
    { is: 'broken', missed: FRIDAY, due: 120_000n },
  ],
  ['the first instalment is paid', [FRIDAY, AUGUST], 120_000n, false, LATE, open('2026-08-03T22:00:00Z')],
  [
    'the first instalment is missed',
    [FRIDAY, AUGUST],
    0n,
    false,
    LATE,
    { is: 'broken', missed: FRIDAY, due: 120_000n },
  ],
  ['both were paid at once', [FRIDAY, AUGUST], 160_000n, false, OVER, open('2026-08-03T22:00:00Z')],
  [
    'the second one is within its grace',
    [FRIDAY, AUGUST],
    120_000n,
    false,
    '2026-08-04T08:00:00Z',
    open('2026-08-05T22:00:00Z'),
  ],
  [
    'the second one is missed',
    [FRIDAY, AUGUST],
    159_999n,
    false,
    '2026-08-06T08:00:00Z',
    { is: 'broken', missed: AUGUST, due: 160_000n },
  ],
  ['all were paid', [FRIDAY, AUGUST], 160_000n, false, '2026-08-03T22:00:00Z', KEPT],
  [
    'nobody looked for months, the first one was missed',
    [FRIDAY, AUGUST],
    40_000n,
    false,
    '2026-12-01T08:00:00Z',
    { is: 'broken', missed: FRIDAY, due: 120_000n },
  ],
] as [string, Promised[], bigint, boolean, string, object][])(
  '%s',
  (_, promised, received, isSettled, now, verdict) => {
    expect(judgePromise(promised, { received, isSettled, debits: [] }, new Date(now))).toEqual(verdict);
  },
);

test.each([
  ['takes what is missing', 20_000n, '2026-07-07', open('2026-07-09T22:00:00Z')],
  ['takes too little', 19_999n, '2026-07-03', { is: 'broken', missed: FRIDAY, due: 120_000n }],
  ['comes too late', 20_000n, '2026-07-08', { is: 'broken', missed: FRIDAY, due: 120_000n }],
  ['has no day any more', 20_000n, '', { is: 'broken', missed: FRIDAY, due: 120_000n }],
] as [string, bigint, string, object][])(
  'the grace is over, and a debit under way %s: it is looked at every day until the bank has spoken',
  (_, montant, date, verdict) => {
    const facts = { received: 100_000n, isSettled: false, debits: [{ montant, date }] };
    expect(judgePromise([FRIDAY], facts, new Date('2026-07-09T08:00:00Z'))).toEqual(verdict);
  },
);

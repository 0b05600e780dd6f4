import fc from 'fast-check';

/** Something that happens to an invoice, or to its reminders. */
export type Step =
  | { op: 'created' }
  /** A payment of some percent of the invoice. Its event comes so many times at once, or only with `told`. */
  | { op: 'paid'; percent: number; times: number }
  /** All events so far come again, including those that never came, in order or reversed. */
  | { op: 'told'; isReversed: boolean }
  | { op: 'credited'; percent: number }
  /** A debit of some percent is planned; the bank's last word comes so many days later. */
  | { op: 'debit'; percent: number; days: number; encaisse: boolean }
  /** A promise until a day, or a dispute until it is lifted. None while a debit is under way. */
  | { op: 'hold'; days: number }
  /** Every hold is lifted. */
  | { op: 'lift' }
  /** The due date is put off, or brought forward, by so many days. */
  | { op: 'dueDate'; days: number }
  | { op: 'pause'; days: number }
  | { op: 'resume' | 'cancel' | 'skip' | 'sendNow' }
  /** Moves to other rules, or back to the first ones. */
  | { op: 'migrate'; back: boolean }
  /** While it is down, no activity of the reminder succeeds, and nobody gives a command. */
  | { op: 'down' | 'up' }
  /**
   * The next mail is sent, but its answer is lost. Before the next attempt half of the rest is paid, or
   * nothing.
   */
  | { op: 'lost'; paid: boolean }
  /** Hours pass, and some minutes, so that nothing happens at exactly the instant of something else. */
  | { op: 'hours'; hours: number };

const just = <S extends Step>(step: S) => fc.constant<Step>(step);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: just({ op: 'created' }) },
  {
    weight: 4,
    arbitrary: fc.record({
      op: fc.constant('paid' as const),
      percent: fc.constantFrom(30, 70, 100),
      times: fc.nat({ max: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('told' as const), isReversed: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('credited' as const), percent: fc.constantFrom(40, 100) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('debit' as const),
      percent: fc.constantFrom(40, 100),
      days: fc.constantFrom(1, 4, 9),
      encaisse: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ op: fc.constant('hold' as const), days: fc.constantFrom(0, 1, 4, 9) }),
  },
  { weight: 1, arbitrary: just({ op: 'lift' }) },
  {
    weight: 1,
    arbitrary: fc.record({ op: fc.constant('dueDate' as const), days: fc.constantFrom(-6, 4, 9) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('pause' as const), days: fc.constantFrom(0, 1, 4, 12) }),
  },
  { weight: 2, arbitrary: just({ op: 'resume' }) },
  { weight: 1, arbitrary: just({ op: 'cancel' }) },
  { weight: 1, arbitrary: just({ op: 'skip' }) },
  { weight: 1, arbitrary: just({ op: 'sendNow' }) },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('migrate' as const), back: fc.boolean() }),
  },
  { weight: 2, arbitrary: just({ op: 'down' }) },
  { weight: 2, arbitrary: just({ op: 'up' }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('lost' as const), paid: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: fc.record({
      op: fc.constant('hours' as const),
      hours: fc.constantFrom(5, 14, 24, 60, 110, 170),
    }),
  },
);

/** What happens in which order, starting at an hour of the day. */
export type Order = { startHour: number; steps: Step[] };

export const orders: fc.Arbitrary<Order> = fc.record({
  startHour: fc.nat({ max: 23 }),
  steps: fc.array(step, { minLength: 2, maxLength: 14 }),
});

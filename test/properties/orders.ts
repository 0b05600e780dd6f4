import fc from 'fast-check';

/** Something that happens to an invoice, or to what reminds of it. */
export type Step =
  | { op: 'created' }
  /** Counted in payments; its event comes so many times, at once, or not before `told`. Percent of the invoice. */
  | { op: 'paid'; percent: number; times: number }
  /** All events so far come again, those that never came too, in this or in the reverse order. */
  | { op: 'told'; isReversed: boolean }
  | { op: 'credited'; percent: number }
  | { op: 'pause'; days: number }
  | { op: 'resume' | 'cancel' | 'skip' | 'sendNow' }
  /** Moved to other rules, or back to those that it began with. */
  | { op: 'migrate'; back: boolean }
  /** Nothing that the reminder does has an effect; nobody says anything to it meanwhile. */
  | { op: 'down' | 'up' }
  /** The next mail goes out, and nobody hears that it did; half of what is left is paid before the next attempt, or not. */
  | { op: 'lost'; paid: boolean }
  /** So many hours pass, and some minutes: nothing happens at the very instant of something else. */
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

/** What happens in which order, from an hour of the day on. */
export type Order = { startHour: number; steps: Step[] };

export const orders: fc.Arbitrary<Order> = fc.record({
  startHour: fc.nat({ max: 23 }),
  steps: fc.array(step, { minLength: 2, maxLength: 14 }),
});

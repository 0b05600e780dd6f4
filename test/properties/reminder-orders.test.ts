import { jest } from '@jest/globals';
import {
  ClockStands,
  withSkippingClock,
  type SkippingClock,
} from '../workflows/support/simulation/skipping-clock.ts';
import fc from 'fast-check';
import { quietRuntime } from '@crm/tools/quiet-runtime';
import { expectedReminders, LATEST_MS, type Expected } from './expected-reminders.ts';
import { orders, type Order } from './orders.ts';
import { ground, LEVELS, MONTANT, play, type Outcome } from './play-order.ts';

quietRuntime();

/** How many orders are tried, and from which seed on, to try the same ones again. */
const SEQUENCES = Number(process.env.SEQUENCES || 12);
const SEED = process.env.SEED ? Number(process.env.SEED) : undefined;
/** Enough for a machine that others use, too; what is left after a failure is for finding a smaller one. */
const WITHIN_MS = 240_000 + SEQUENCES * 4_000;
jest.setTimeout(WITHIN_MS + 60_000);

const inWords = ({ mails, statut }: Pick<Expected, 'mails' | 'statut'>) => ({
  statut,
  mails: mails.map(({ niveau, restantDu }) => `niveau ${niveau}, ${restantDu} cents`),
});
const told = ({ accepted, ...more }: Expected) => ({ accepted, ...inWords(more) });

function assertInTime(sent: Expected['mails'], planned: Expected['mails']): void {
  for (const [index, { ms }] of planned.entries()) {
    const late = sent[index]!.ms - ms;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(LATEST_MS);
  }
}

type Place = { clock: SkippingClock; here: ReturnType<typeof ground>; leave: () => Promise<void> };

/** A server with its workers, until it is left. */
const openPlace = () =>
  new Promise<Place>((opened, failed) => {
    const left = withSkippingClock(async (clock) => {
      const here = ground(clock);
      const stay = () => new Promise<void>((end) => opened({ clock, here, leave: () => (end(), left) }));
      await clock.withWorker(here.activities, stay);
    });
    left.catch(failed);
  });

test(`whatever the order, the repeats and the interruptions: one outcome, which the planner foresees (${SEQUENCES} orders)`, async () => {
  let place = await openPlace();
  let nth = 0;
  // a clock that stands says nothing about the order: once more, on another server, where the next ones go on, too
  const outcomeOf = async (order: Order, isRepeat = false): Promise<Outcome> => {
    nth += 1;
    try {
      return await play(place.clock, place.here, nth, order);
    } catch (error) {
      if (isRepeat || !(error instanceof ClockStands)) throw error;
      const stands = place;
      place = await openPlace();
      await stands.leave().catch(() => {});
      return await outcomeOf(order, true);
    }
  };
  const property = fc.asyncProperty(orders, async (order) => {
    const { happened, dates, plan, ...outcome } = await outcomeOf(order);
    const sentMs = outcome.mails.map(({ ms }) => ms);
    const given = { levels: LEVELS, dates, montant: MONTANT, nextOpenDay: place.here.nextOpenDay, sentMs };
    const expected = await expectedReminders(happened, given);
    expect(told(outcome)).toEqual(told(expected));
    assertInTime(outcome.mails, expected.mails);
    if (!plan) return;
    const { happened: then, ...foreseen } = plan;
    expect(inWords(then)).toEqual(inWords(foreseen));
    assertInTime(then.mails, foreseen.mails);
  });
  const options = {
    numRuns: SEQUENCES,
    interruptAfterTimeLimit: WITHIN_MS,
    markInterruptAsFailure: true,
    ...(SEED !== undefined && { seed: SEED }),
  };
  try {
    await fc.assert(property, options);
  } finally {
    await place.leave();
  }
});

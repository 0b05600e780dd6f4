import { jest } from '@jest/globals';
import { redrive, skip } from '@crm/workflows/event-workflow';
import fc from 'fast-check';
import { downUntil, MINUTE } from '../workflows/support/fakes.ts';
import { runEvent } from '../workflows/support/run-event.ts';
import { ClockStands } from '../workflows/support/simulation/skipping-clock.ts';

/** Each has a server of its own, which takes seconds: there are fewer. */
const SEQUENCES = Math.ceil(Number(process.env.SEQUENCES || 25) / 20);
const SEED = process.env.SEED ? Number(process.env.SEED) : undefined;
jest.setTimeout(60_000 + SEQUENCES * 40_000);

const HANDLERS = ['email', 'dashboard'] as const;
type Handler = (typeof HANDLERS)[number];
const ACTIVITIES = { email: 'sendWelcomeEmail', dashboard: 'countNewClient' } as const;
/** From then on a failing handler is late, and tried every ten minutes. */
const LATE_MS = 15 * MINUTE;

/** What an operator says, some minutes after the word before, about one late handler or about all. */
type Word = { minutes: number; say: 'redrive' | 'skip'; handler: Handler | 'all' };
type Order = { up: Record<Handler, number>; words: Word[] };

// half a minute: so that nothing happens at exactly the instant of an attempt
const minutes = (min: number, max: number) => fc.integer({ min, max }).map((whole) => whole + 0.5);
const orders: fc.Arbitrary<Order> = fc.record({
  /** The minute at which each handler's service is there again. */
  up: fc.record({ email: minutes(10, 70), dashboard: minutes(10, 70) }),
  words: fc.array(
    fc.record({
      minutes: minutes(1, 25),
      say: fc.constantFrom('redrive' as const, 'redrive' as const, 'skip' as const),
      handler: fc.constantFrom('all' as const, ...HANDLERS),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

/** Plays an order, and compares what each word has caused with what it must cause. */
const play = ({ up, words }: Order) =>
  runEvent(
    'client.created',
    { clientId: 'client-1', organisationId: 'org-1', email: 'a@exemple.test' },
    { email: downUntil(up.email * MINUTE), dashboard: downUntil(up.dashboard * MINUTE) },
    async (run) => {
      const attempts = (handler: Handler) => run.attemptsOf(ACTIVITIES[handler]);
      const late = async () => new Set(await run.late());
      const skipped = new Set<Handler>();
      for (const { minutes: wait, say, handler } of words) {
        await run.passes(wait * MINUTE);
        if ((await run.status()) !== 'RUNNING') break;
        const before = await late();
        const now = await run.nowMs();
        for (const one of HANDLERS)
          expect([one, before.has(one)]).toEqual([
            one,
            now > LATE_MS && !skipped.has(one) && attempts(one).at(-1)!.atMs < up[one] * MINUTE,
          ]);
        const concerned = HANDLERS.filter((one) => before.has(one) && [one, 'all'].includes(handler));
        const counts = new Map(HANDLERS.map((one) => [one, attempts(one).length]));
        const word = { who: 'alice', why: 'le serveur est de retour' };
        const named = handler === 'all' ? word : { ...word, handlers: [handler] };
        await run.handle.signal(say === 'skip' ? skip : redrive, named);
        for (const one of concerned) {
          const isDone = say === 'skip' || now >= up[one] * MINUTE;
          if (say === 'skip') skipped.add(one);
          else await run.until('an attempt at once', () => attempts(one).length > counts.get(one)!);
          if (isDone) await run.until(`${one} to be settled`, async () => !(await late()).has(one));
          else await run.until(`${one} to be late still`, async () => (await late()).has(one));
        }
        // at once and once, and nobody else
        const hurried = say === 'redrive' ? concerned : [];
        for (const one of HANDLERS)
          expect(attempts(one).length - counts.get(one)!).toBe(Number(hurried.includes(one)));
      }
      const outcomes = (await run.result()) as Record<Handler, { done?: string; skipped?: string }>;
      for (const one of HANDLERS) {
        const { done } = outcomes[one];
        expect([one, done]).toEqual([one, skipped.has(one) ? undefined : 'enfin']);
        // it has worked once at most, within ten minutes of the service's return
        const worked = attempts(one).filter(({ atMs }) => atMs >= up[one] * MINUTE);
        expect(worked).toHaveLength(Number(!skipped.has(one)));
        for (const { atMs } of worked) expect(atMs - up[one] * MINUTE).toBeLessThan(11 * MINUTE);
      }
    },
  );

test(`late handlers that operators hurry or give up: once each, at once, and no other (${SEQUENCES} orders)`, async () => {
  const property = fc.asyncProperty(orders, async (order) => {
    // a clock that stands says nothing about the order: once more
    await play(order).catch((error: unknown) => {
      if (!(error instanceof ClockStands)) throw error;
      return play(order);
    });
  });
  await fc.assert(property, {
    numRuns: SEQUENCES,
    interruptAfterTimeLimit: 40_000 + SEQUENCES * 40_000,
    ...(SEED !== undefined && { seed: SEED }),
  });
});

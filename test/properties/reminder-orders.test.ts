import { jest } from '@jest/globals';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { dateInParis } from '@crm/kit';
import { PaymentReceivedEvent } from '@crm/proto/events/payment_events';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { BaseRelance } from '@crm/proto/relance/relance';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { frenchDays } from '@crm/tools/simulation/french-days';
import { ServicesInMemory } from '@crm/tools/simulation/services-in-memory';
import { withSkippingClock, type SkippingClock } from '@crm/tools/simulation/skipping-clock';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { relanceHandlers } from '@crm/workers/handlers/relance';
import { withFailures } from '@crm/workers/rpc-failure';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { quietWorker } from '../workflows/support/quiet-worker.ts';
import { expectedReminders, type Expected, type Happened } from './expected-reminders.ts';
import { orders, type Step } from './orders.ts';

quietWorker();

/** How many orders are tried, and from which seed on, to try the same ones again. */
const SEQUENCES = Number(process.env.SEQUENCES || 40);
const SEED = process.env.SEED ? Number(process.env.SEED) : undefined;
jest.setTimeout(60_000 + SEQUENCES * 2_000);

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const MONTANT = 10_000;
/** Three levels in opening hours; the last two so near each other that the spacing counts. */
const LEVELS = [
  { ...DEFAULT_LEVEL, niveau: 1, delai: 'P5D' },
  { ...DEFAULT_LEVEL, niveau: 2, delai: 'P11D' },
  { ...DEFAULT_LEVEL, niveau: 3, base: BaseRelance.DATE_ECHEANCE, delai: 'P1D' },
];
/** Later than everything that any order can have put off. */
const IN_THE_END = 70 * DAY;

const daysLater = (date: string, days: number) => Temporal.PlainDate.from(date).add({ days }).toString();

/** A worker's services, and the handlers of the events, around one invoice after the other. */
function ground(clock: SkippingClock) {
  const nextOpenDay = frenchDays();
  const world = new ServicesInMemory({ now: clock.now, levels: LEVELS, nextOpenDay });
  const services = world.services();
  const activities = withFailures(invoiceReminderActivities(services));
  const handlers = relanceHandlers(services, clock.temporal);
  return { world, activities, handlers, nextOpenDay };
}

type Ground = ReturnType<typeof ground>;
type Outcome = Expected & { happened: Happened[]; dates: { dateFacture: string; dateEcheance: string } };

type WithoutTime<H> = H extends Happened ? Omit<H, 'ms'> : never;

/** Plays an order against the real workflow and the real handlers. */
async function play(
  clock: SkippingClock,
  { world, activities, handlers }: Ground,
  nth: number,
  { startHour, steps }: { startHour: number; steps: Step[] },
): Promise<Outcome> {
  const happened: Happened[] = [];
  const accepted: boolean[] = [];
  await clock.startWorker(activities);
  const now = async () => (await clock.now()).getTime();
  // half past an hour: what is due on the hour is never a matter of milliseconds
  const here = await now();
  await clock.passes(DAY - (here % DAY) + startHour * HOUR + 30 * MINUTE);
  const dateFacture = dateInParis(await clock.now());
  const dates = { dateFacture, dateEcheance: daysLater(dateFacture, 11) };
  const [invoiceId, clientId] = [`f-${nth}`, `c-${nth}`];
  world.clients.set(clientId, { email: 'a@exemple.test', nom: 'A', prenom: '' } as never);
  const ids = { id: invoiceId, clientId, organisationId: 'org' };
  world.issue({ ...ids, numero: `F-${nth}`, montant: BigInt(MONTANT), ...dates });
  let isUp = true;

  const record = async (one: WithoutTime<Happened>) =>
    void happened.push({ ...one, ms: await now() } as Happened);
  const context = { deadlineMs: 5_000, metadata: {} };
  type Event = 'created' | 'paid';
  const come = async (event: Event) => {
    const common = { invoiceId, clientId, organisationId: 'org', correlationId: 'test', eventId: 'e' };
    if (event === 'created')
      await handlers.startInvoiceReminder(InvoiceCreatedEvent.fromPartial(common), context);
    else await handlers.settleInvoiceReminder(PaymentReceivedEvent.fromPartial(common), context);
    await record({ op: event === 'created' ? 'told' : 'paidTold' });
  };
  const say = async (command: string, more: object = {}) => {
    if (!isUp) return;
    const said = { who: 'alice', why: 'test', jusquAu: '', ...more };
    const update = clock.temporal.workflow
      .getHandle(`relance/${invoiceId}`)
      .executeUpdate<void, [object]>(command, { args: [said] });
    await record({ op: command, ...more } as WithoutTime<Happened>);
    accepted.push(
      await update.then(
        () => true,
        (error: unknown) => {
          const isRefusal =
            error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError;
          if (!isRefusal) throw error;
          return false;
        },
      ),
    );
  };
  const down = async () => {
    if (isUp) await clock.stopWorker();
    isUp = false;
    await record({ op: 'down' });
  };
  const up = async () => {
    if (isUp) return;
    await record({ op: 'up' });
    await clock.startWorker(activities);
    isUp = true;
  };
  const known: { event: Event }[] = [];
  const take = async (step: Step): Promise<void> => {
    switch (step.op) {
      case 'created':
        known.push({ event: 'created' });
        return await come('created');
      case 'paid': {
        const cents = (MONTANT * step.percent) / 100;
        world.count(invoiceId, 'montantRecu', BigInt(cents));
        await record({ op: 'counted', cents });
        known.push({ event: 'paid' });
        for (let time = 0; time < step.times; time += 1) await come('paid');
        return;
      }
      case 'credited': {
        const cents = (MONTANT * step.percent) / 100;
        world.count(invoiceId, 'montantAvoirs', BigInt(cents));
        return await record({ op: 'counted', cents });
      }
      case 'told':
        for (const { event } of step.isReversed ? known.toReversed() : known) await come(event);
        return;
      case 'pause': {
        const today = dateInParis(await clock.now());
        return await say('pause', { jusquAu: step.days ? daysLater(today, step.days) : '' });
      }
      case 'down':
        return await down();
      case 'up':
        return await up();
      case 'lost':
        world.answersLost += 1;
        return;
      case 'hours':
        return await clock.passes(step.hours * HOUR + 7 * MINUTE);
      default:
        return await say(step.op);
    }
  };
  for (const step of steps) {
    await take(step);
    // what it sets off is done when this returns: the clock stands while a task is under way
    await clock.passes(SECOND);
  }
  await up();
  for (const step of [{ op: 'created' }, { op: 'told', isReversed: false }, { op: 'resume' }] as const) {
    await take(step);
    await clock.passes(SECOND);
  }
  await clock.passes(IN_THE_END);
  await record({ op: 'end' });
  world.answersLost = 0;
  await clock.temporal.workflow.getHandle(`relance/${invoiceId}`).result();
  const mails = world.mails
    .filter((mail) => mail.invoiceId === invoiceId)
    .map(({ key, restantDu, at }) => ({
      niveau: Number(key.split('/')[2]),
      restantDu: Number(restantDu),
      ms: at.getTime(),
    }));
  const { statut } = world.relances.rows.get(invoiceId)!;
  return { mails, statut, accepted, happened, dates };
}

const told = ({ mails, statut, accepted }: Expected) => ({
  statut,
  accepted,
  mails: mails.map(({ niveau, restantDu, ms }) => {
    // a mail goes out within seconds of its instant
    const at = new Date(Math.round(ms / MINUTE) * MINUTE).toISOString();
    return `niveau ${niveau}, ${restantDu} cents, ${at}`;
  }),
});

test(`whatever the order, the repeats and the interruptions: one outcome (${SEQUENCES} orders)`, () =>
  withSkippingClock(async (clock) => {
    const here = ground(clock);
    let nth = 0;
    const property = fc.asyncProperty(orders, async (order) => {
      nth += 1;
      const { happened, dates, ...outcome } = await play(clock, here, nth, order);
      const given = { levels: LEVELS, dates, montant: MONTANT, nextOpenDay: here.nextOpenDay };
      expect(told(outcome)).toEqual(told(await expectedReminders(happened, given)));
    });
    await fc.assert(property, { numRuns: SEQUENCES, ...(SEED !== undefined && { seed: SEED }) });
  }));

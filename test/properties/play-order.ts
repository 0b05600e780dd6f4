import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { dateInParis } from '@crm/domain';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentReceivedEvent } from '@crm/proto/events/payment_events';
import { BaseRelance } from '@crm/proto/relance/relance';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { openDayFrom } from '@crm/tools/simulation/open-day-from';
import { ServicesInMemory } from '../workflows/support/simulation/services-in-memory.ts';
import type { SkippingClock } from '../workflows/support/simulation/skipping-clock.ts';
import { invoiceReminderActivities } from '@crm/workers/follow-ups/invoice-reminder';
import { relanceHandlers } from '@crm/workers/handlers/relance';
import { withFailures } from '@crm/workers/rpc-failure';
import { relanceWorkflowId } from '@crm/workflows/ids';
import { Temporal } from 'temporal-polyfill';
import type { Expected, Happened } from './expected-reminders.ts';
import type { Order, Step } from './orders.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/**
 * The time between two steps: not the instant of a waiting attempt, which is 1, 3, 7, … 63, 127, … s after
 * the first.
 */
const MOMENT = 26_000;

export const MONTANT = 10_000;
/** Three levels with opening hours. The last two are so close that the spacing matters. */
export const LEVELS = [
  { ...DEFAULT_LEVEL, niveau: 1, delai: 'P5D' },
  { ...DEFAULT_LEVEL, niveau: 2, delai: 'P11D' },
  { ...DEFAULT_LEVEL, niveau: 3, base: BaseRelance.DATE_ECHEANCE, delai: 'P1D' },
];
/** Other rules with other templates: the first two at other times, the last one removed, and a new one. */
const OTHER_LEVELS = [
  { ...DEFAULT_LEVEL, niveau: 1, delai: 'P8D' },
  { ...DEFAULT_LEVEL, niveau: 2, delai: 'P9D' },
  { ...DEFAULT_LEVEL, niveau: 4, base: BaseRelance.DATE_ECHEANCE, delai: 'P3D' },
].map((level) => ({ ...level, modele: 'relance' }));
/** Later than anything that an order can have postponed. */
const IN_THE_END = 70 * DAY;

const daysLater = (date: string, days: number) => Temporal.PlainDate.from(date).add({ days }).toString();

/** The services of a worker, and the handlers of the events, for one invoice after the other. */
export function ground(clock: SkippingClock) {
  const nextOpenDay = openDayFrom();
  const world = new ServicesInMemory({ now: clock.now, levels: LEVELS, nextOpenDay });
  const services = world.services();
  const ground = { isUp: true };
  // the worker of follow-ups reaches no service; the worker of events is a separate one
  const reminder = withFailures(invoiceReminderActivities(services)) as Record<string, Activity>;
  const activities = Object.fromEntries(
    Object.entries(reminder).map(([name, activity]) => [
      name,
      async (input: never) => {
        if (!ground.isUp) throw new Error('connection refused');
        return await activity(input);
      },
    ]),
  );
  const handlers = relanceHandlers(services, clock.temporal);
  return Object.assign(ground, { world, activities, handlers, nextOpenDay });
}

type Activity = (input: never) => Promise<unknown>;
type Ground = ReturnType<typeof ground>;
type Outcome = Expected & { happened: Happened[]; dates: { dateFacture: string; dateEcheance: string } };

type WithoutTime<H> = H extends Happened ? Omit<H, 'ms'> : never;

/** Plays an order against the real workflow and the real handlers. */
export async function play(
  clock: SkippingClock,
  ground: Ground,
  nth: number,
  { startHour, steps }: Order,
): Promise<Outcome> {
  const { world, handlers } = ground;
  const happened: Happened[] = [];
  const accepted: boolean[] = [];
  const now = async () => (await clock.now()).getTime();
  // some time after the full hour, so that nothing on the hour depends on milliseconds
  const here = await now();
  await clock.passes(DAY - (here % DAY) + startHour * HOUR + 5 * MINUTE);
  const dateFacture = dateInParis(await clock.now());
  const dates = { dateFacture, dateEcheance: daysLater(dateFacture, 11) };
  const [invoiceId, clientId] = [`f-${nth}`, `c-${nth}`];
  world.clients.set(clientId, { email: 'a@exemple.test', nom: 'A', prenom: '' } as never);
  const ids = { id: invoiceId, clientId, organisationId: 'org' };
  world.issue({ ...ids, numero: `F-${nth}`, montant: BigInt(MONTANT), ...dates });

  const record = async (one: WithoutTime<Happened>) => void happened.push({ ...one, ms: await now() });
  const context = { deadlineMs: 5_000, metadata: {} };
  type Event = 'created' | 'paid';
  const come = async (event: Event) => {
    const common = { invoiceId, clientId, organisationId: 'org', correlationId: 'test', eventId: 'e' };
    if (event === 'created')
      await handlers.startInvoiceReminder(InvoiceCreatedEvent.fromPartial(common), context);
    else await handlers.settleInvoiceReminder(PaymentReceivedEvent.fromPartial(common), context);
    await record({ op: event === 'created' ? 'told' : 'paidTold' });
    // what it causes is done when this returns: the clock stands while a task is running
    await clock.passes(MOMENT);
  };
  const say = async (command: string, more: object = {}, known: object = more) => {
    if (!ground.isUp) return;
    await record({ op: command, ...known } as WithoutTime<Happened>);
    const reminder = clock.temporal.workflow.getHandle(relanceWorkflowId(invoiceId));
    // this server's clock stops for good after an update of a workflow that is not running
    const isRunning = await reminder.describe().then(
      ({ status }) => status.name === 'RUNNING',
      (error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        return false;
      },
    );
    if (!isRunning) return void accepted.push(false);
    const said = { who: 'alice', why: 'test', jusquAu: '', ...more };
    try {
      await reminder.executeUpdate<void, [object]>(command, { args: [said] });
      accepted.push(true);
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      accepted.push(false);
    }
  };
  const up = async () => {
    if (ground.isUp) return;
    ground.isUp = true;
    await record({ op: 'up' });
    // until every waiting attempt has had its turn
    await clock.passes(HOUR);
  };
  const known: { event: Event }[] = [];
  const losses: boolean[] = [];
  world.onLost = async () => {
    const cents = world.invoices.get(invoiceId)!.restantDu / 2n;
    if (!losses.shift() || cents === 0n) return;
    world.count(invoiceId, 'montantRecu', cents);
    await record({ op: 'counted', cents: Number(cents) });
  };
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
      case 'migrate': {
        const levels = step.back ? LEVELS : OTHER_LEVELS;
        world.relances.levels = levels;
        await say('migrate', {}, { levels });
        world.relances.levels = LEVELS;
        return;
      }
      case 'down':
        ground.isUp = false;
        return await record({ op: 'down' });
      case 'up':
        return await up();
      case 'lost':
        world.answersLost += 1;
        losses.push(step.paid);
        return;
      case 'hours':
        return await clock.passes(step.hours * HOUR + MINUTE);
      default:
        return await say(step.op);
    }
  };
  for (const step of steps) {
    await take(step);
    await clock.passes(MOMENT);
  }
  await up();
  for (const step of [{ op: 'created' }, { op: 'told', isReversed: false }, { op: 'resume' }] as const) {
    await take(step);
    await clock.passes(MOMENT);
  }
  await clock.passes(IN_THE_END);
  await record({ op: 'end' });
  world.answersLost = 0;
  const { status } = await clock.temporal.workflow.getHandle(relanceWorkflowId(invoiceId)).describe();
  const mails = world.mails
    .filter((mail) => mail.invoiceId === invoiceId)
    .map(({ envoi, restantDu, at }) => ({
      niveau: Number(envoi.split('/')[2]),
      restantDu: Number(restantDu),
      ms: at.getTime(),
    }));
  const { statut } = world.relances.rows.get(invoiceId)!;
  // what has not ended by then never ends
  const ended = status.name === 'COMPLETED' ? statut : `${statut}, ${status.name}`;
  return { mails, statut: ended, accepted, happened, dates };
}

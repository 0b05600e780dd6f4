import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { dateInParis, startOfDay } from '@crm/domain';
import { InvoiceCreatedEvent } from '@crm/proto/events/invoice_events';
import { PaymentReceivedEvent } from '@crm/proto/events/payment_events';
import { GenreAttente } from '@crm/proto/relance/attentes';
import { BaseRelance } from '@crm/proto/relance/relance';
import type { AttenteRow } from '@crm/relance/attente-rows';
import { foresee } from '@crm/relance/foresee';
import { DEFAULT_LEVEL } from '@crm/relance/regles-relance';
import { remindersOf } from '@crm/relance/simulation/reminders-of';
import { openDayFrom } from '../workflows/support/simulation/open-day-from.ts';
import { ServicesInMemory } from '../workflows/support/simulation/services-in-memory.ts';
import { ClockStands, type SkippingClock } from '../workflows/support/simulation/skipping-clock.ts';
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
/** A command is answered at once, in real time; where it is not, the server's clock would have to go on. */
const UNANSWERED_MS = 60_000;

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
  const ground: { isUp: boolean; fault: Error | undefined } = { isUp: true, fault: undefined };
  // the worker of follow-ups reaches no service; the worker of events is a separate one
  const reminder = withFailures(invoiceReminderActivities(services)) as Record<string, Activity>;
  const activities = Object.fromEntries(
    Object.entries(reminder).map(([name, activity]) => [
      name,
      async (input: never) => {
        if (!ground.isUp) throw new Error('connection refused');
        try {
          return await activity(input);
        } catch (error) {
          // a fault of the code, or of this test, would be tried again for ever
          if (error instanceof TypeError || error instanceof RangeError) ground.fault ??= error;
          throw error;
        }
      },
    ]),
  );
  const handlers = relanceHandlers(services, clock.temporal);
  return Object.assign(ground, { world, services, activities, handlers, nextOpenDay });
}

type Activity = (input: never) => Promise<unknown>;
type Ground = ReturnType<typeof ground>;
type Foreseen = Pick<Expected, 'mails' | 'statut'>;
export type Outcome = Expected & {
  happened: Happened[];
  dates: { dateFacture: string; dateEcheance: string };
  /** What the planner foresees before the end, and what happens then. Absent: an answer is still to be lost. */
  plan: (Foreseen & { happened: Foreseen }) | undefined;
};

type WithoutTime<H> = H extends Happened ? Omit<H, 'ms'> : never;

/** Plays an order against the real workflow and the real handlers. */
export async function play(
  clock: SkippingClock,
  ground: Ground,
  nth: number,
  { startHour, steps }: Order,
): Promise<Outcome> {
  const { world, services, handlers } = ground;
  world.debits = [];
  world.relances.holds = [];
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

  const mailsOf = () =>
    world.mails
      .filter((mail) => mail.invoiceId === invoiceId)
      .map(({ envoi, restantDu, at }) => ({
        niveau: Number(envoi.split('/')[2]),
        restantDu: Number(restantDu),
        ms: at.getTime(),
      }));
  /** What the service would foresee, of an invoice as it is now. */
  const foreseeFrom = async (from: Date): Promise<Foreseen> => {
    const row = world.relances.rows.get(invoiceId)!;
    const invoice = world.invoices.get(invoiceId)!;
    const client = world.clients.get(clientId);
    const reminded = { invoice, row, levels: undefined, client, debits: world.debitsOf(invoiceId) };
    const followed = await remindersOf(reminded, from, ground.nextOpenDay);
    const until = new Date(from.getTime() + IN_THE_END);
    const turn = world.relances.turnOf(clientId);
    const { coming, ends } = await foresee([followed], {
      now: from,
      until,
      turn,
      nextOpenDay: ground.nextOpenDay,
    });
    const mails = coming.map(({ at, level, montant }) => {
      return { niveau: level.niveau, restantDu: Number(montant), ms: at!.getTime() };
    });
    return { mails, statut: ends.get(followed)!.statut };
  };

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
  /** The bank's last word about a debit: it is collected, or no presentation is left. */
  const hear = async (debit: ServicesInMemory['debits'][number]) => {
    const { restantDu } = world.invoices.get(invoiceId)!;
    const cents = debit.montant < restantDu ? debit.montant : restantDu;
    world.debits = world.debits.filter((one) => one !== debit);
    if (debit.encaisse) {
      world.count(invoiceId, 'montantRecu', cents);
      await record({ op: 'counted', cents: Number(cents) });
    }
    await record({ op: 'word', id: debit.dernierMot.getTime() });
    if (debit.encaisse) {
      known.push({ event: 'paid' });
      await come('paid');
    } else await wake();
  };
  /** As other services do it: no effect where none runs. */
  const wake = async () => {
    const reminder = clock.temporal.workflow.getHandle(relanceWorkflowId(invoiceId));
    await reminder.signal('attenteLevee').catch((error: unknown) => {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    });
    await clock.passes(MOMENT);
  };
  /** Lets time pass, and debits have their last words in it. */
  const passes = async (ms: number): Promise<void> => {
    const end = (await now()) + ms;
    const inOrder = world.debits.toSorted((a, b) => a.dernierMot.getTime() - b.dernierMot.getTime());
    const debit = inOrder.find(({ dernierMot }) => dernierMot.getTime() <= end);
    if (!debit) return await clock.passes(ms);
    const wait = debit.dernierMot.getTime() - (await now());
    if (wait > 0) await clock.passes(wait);
    await hear(debit);
    const left = end - (await now());
    if (left > 0) await passes(left);
  };
  /** Rejects when an activity has a fault: a command would wait for it for ever. */
  const faulty = async (signal: AbortSignal): Promise<never> => {
    for (
      const began = Date.now();
      Date.now() - began < UNANSWERED_MS;
      await delay(200, undefined, { signal })
    )
      if (ground.fault) throw ground.fault;
    throw new ClockStands(`no answer to a command within ${UNANSWERED_MS / 1_000} s`);
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
    const answered = new AbortController();
    const update = reminder.executeUpdate<void, [object]>(command, { args: [said] });
    try {
      await Promise.race([update, faulty(answered.signal)]);
      accepted.push(true);
    } catch (error) {
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      accepted.push(false);
    } finally {
      answered.abort();
    }
  };
  const up = async () => {
    if (ground.isUp) return;
    ground.isUp = true;
    await record({ op: 'up' });
    // until every waiting attempt has had its turn
    await passes(HOUR);
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
      case 'debit': {
        if (world.relances.holds.length > 0) return;
        const montant = (MONTANT * step.percent) / 100;
        // at an instant at which nothing else happens
        const dernierMot = new Date((await now()) + step.days * DAY + 7 * MINUTE);
        world.debits.push({ invoiceId, montant: BigInt(montant), dernierMot, encaisse: step.encaisse });
        return await record({ op: 'debit', id: dernierMot.getTime(), cents: montant });
      }
      case 'hold': {
        if (world.debits.length > 0) return;
        const { days } = step;
        const jusquAu = days ? daysLater(dateInParis(await clock.now()), days) : '';
        const jugementAt = days ? startOfDay(daysLater(jusquAu, 1)) : null;
        const genre = days ? GenreAttente.PROMESSE : GenreAttente.LITIGE;
        const invoiceIds = [invoiceId];
        const hold = { organisationId: 'org', clientId, invoiceIds, genre, jusquAu, jugementAt };
        // late, and judged, on the day after; a dispute has none
        const echeances = days ? [{ date: jusquAu, montant: '0', retardLe: daysLater(jusquAu, 1) }] : [];
        const said = { motif: 'test', auteur: 'alice', montant: 0n, echeances };
        world.relances.holds.push({ ...hold, ...said } as unknown as AttenteRow);
        await record({ op: 'hold', until: jugementAt?.getTime() ?? Infinity });
        return await wake();
      }
      case 'lift':
        world.relances.holds = [];
        await record({ op: 'lift' });
        return await wake();
      case 'dueDate': {
        const invoice = world.invoices.get(invoiceId)!;
        const dateEcheance = daysLater(invoice.dateEcheance, step.days);
        world.invoices.set(invoiceId, { ...invoice, dateEcheance });
        await record({ op: 'dueDate', dateEcheance });
        if (world.relances.rows.has(invoiceId)) await services.relances.replanifier({ id: invoiceId });
        return await wake();
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
        return await passes(step.hours * HOUR + MINUTE);
      default:
        return await say(step.op);
    }
  };
  for (const step of steps) {
    await take(step);
    await passes(MOMENT);
    if (ground.fault) throw ground.fault;
  }
  await up();
  for (const step of [
    { op: 'lift' },
    { op: 'created' },
    { op: 'told', isReversed: false },
    { op: 'resume' },
  ] as const) {
    await take(step);
    await passes(MOMENT);
  }
  const foreseen = world.answersLost > 0 ? undefined : await foreseeFrom(new Date(await now()));
  const sofar = mailsOf().length;
  await passes(IN_THE_END);
  await record({ op: 'end' });
  world.answersLost = 0;
  const { status } = await clock.temporal.workflow.getHandle(relanceWorkflowId(invoiceId)).describe();
  const mails = mailsOf();
  const { statut } = world.relances.rows.get(invoiceId)!;
  // what has not ended by then never ends
  const ended = status.name === 'COMPLETED' ? statut : `${statut}, ${status.name}`;
  const plan = foreseen && { ...foreseen, happened: { mails: mails.slice(sofar), statut } };
  return { mails, statut: ended, accepted, happened, dates, plan };
}

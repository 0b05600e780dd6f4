import { inParis } from '@crm/domain';
import { eventIdOf } from '@crm/kit';
import { TacheServiceService } from '@crm/proto/activites/activites';
import {
  HistoriqueRelanceServiceService,
  RegleRelanceServiceService,
  RegleSuiviServiceService,
} from '@crm/proto/relance/relance';
import type { ChildName } from '@crm/tools/parts';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import type { Temporal } from 'temporal-polyfill';
import { ground, type Ground, type Prepared } from '../support/ground.ts';
import { startOwnStack, type OwnStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { countRuns } from '../support/workflows.ts';

type Moment = Temporal.ZonedDateTime;
/** The opening hours of a rule, in minutes of the Paris day. */
type Hours = { ouverture: string; fermeture: string };

const EVERYTHING: ChildName[] = ['postgres', 'nats', 'temporal', 'mail', 'services', 'workers'];

/** By the end of this, everything is planned and stopped, even on a busy machine. */
const CLOSING_IN_MS = 75_000;
const DUE_BEFORE_CLOSING = { seconds: 10 };
/** Longer than a platform takes to come back. */
const LATER = { minutes: 2 };
const PREPARED_WITHIN_MS = 420_000;
const WITHIN_MS = 240_000;

const ALWAYS: Hours = { ouverture: '00:00', fermeture: '00:00' };
const minuteOf = (moment: Moment) => moment.toPlainTime().toString({ smallestUnit: 'minute' });
/** The first full minute that is at least this far from now. */
const nextMinute = (inMs: number): Moment =>
  inParis(new Date(Date.now() + inMs)).round({ smallestUnit: 'minute', roundingMode: 'ceil' });
/** Hours cannot go past midnight. */
const between = (opening: Moment, closing: Moment): Hours => ({
  ouverture: minuteOf(opening),
  fermeture: closing.toPlainDate().equals(opening.toPlainDate()) ? minuteOf(closing) : '00:00',
});
/** Closed until then, even if midnight comes first. */
const notBefore = (opening: Moment) => between(opening, opening.add({ minutes: 30 }));
const delayUntil = (moment: Moment) => `PT${Math.round((moment.epochMilliseconds - Date.now()) / 1_000)}S`;

/**
 * While everything is down: first all reminders become due, then the hours end in which one of them could be
 * sent.
 */
let closing: Moment;
let dueAt: Moment;
let opening: Moment;

let stack: OwnStack;
let on: Ground;
let always: Reminder;
let closedMeanwhile: Reminder;
let openLater: Reminder;
let clientId: string;
let paymentId: string;

type Reminder = Awaited<ReturnType<typeof reminderOf>>;

beforeAll(async () => {
  stack = await startOwnStack();
  on = ground(stack);
  // slow work comes first, before anything has a due time
  const [first, second, third, rejected] = await Promise.all([
    client(),
    client(),
    client(),
    rejectedPayment(),
  ]);
  closing = nextMinute(CLOSING_IN_MS);
  dueAt = closing.subtract(DUE_BEFORE_CLOSING);
  opening = closing.add(LATER);
  [always, closedMeanwhile, openLater, clientId, paymentId] = await Promise.all([
    reminderOf(first, ALWAYS),
    reminderOf(second, between(closing.subtract({ minutes: 1 }), closing)),
    reminderOf(third, notBefore(opening)),
    clientToFollowUp(),
    retryOf(rejected),
  ]);
  const plans = await Promise.all([always, closedMeanwhile, openLater].map(({ planned }) => planned()));

  await Promise.all(EVERYTHING.map((name) => stack.platform.kill(name, 'SIGKILL')));
  const downAt = Date.now();
  for (const { niveaux } of plans) {
    expect(niveaux[0]!.dueAt!.getTime()).toBeGreaterThan(downAt);
    expect(niveaux[0]!.dueAt!.getTime()).toBeLessThan(closing.epochMilliseconds);
  }
  expect(dueAt.epochMilliseconds).toBeGreaterThan(downAt);
  await until('the closing', () => Date.now() > closing.epochMilliseconds, 2 * CLOSING_IN_MS + 10_000);
  await stack.startAgain();
}, PREPARED_WITHIN_MS);

afterAll(() => stack?.stop(), 60_000);

/** A client that was welcomed. */
async function client(fields: { organisationId?: string } = {}): Promise<Prepared> {
  const prepared = await on.prepareClient(fields);
  await on.completed(eventIdOf('client.created', [prepared.clientId]));
  return prepared;
}

/** An invoice whose reminder falls due, in an organisation with such hours. */
async function reminderOf({ organisationId, clientId, client }: Prepared, hours: Hours) {
  const regles = stack.client('relance', RegleRelanceServiceService);
  const rule = { niveau: 1, modele: 'rappel', tousLesJours: true, espacement: 'PT0S', ...hours };
  const regle = await regles.create({ organisationId, delai: delayUntil(dueAt), ...rule });
  const invoice = await on.issueInvoice({ organisationId, clientId });
  const planned = () => on.services.relances.get({ id: invoice.id });
  await until('the plan', planned);
  await on.completed(eventIdOf('invoice.created', [invoice.id]));
  return {
    ...{ invoiceId: invoice.id, clientId, address: client.email, planned },
    setHours: (other: Hours) => regles.update({ id: regle.id, ...other }),
  };
}

/** A client whose first follow-up is due. */
async function clientToFollowUp(): Promise<string> {
  const organisationId = unique('org');
  const regles = stack.client('relance', RegleSuiviServiceService);
  await regles.create({ organisationId, delai: delayUntil(dueAt) });
  return (await client({ organisationId })).clientId;
}

async function rejectedPayment(): Promise<string> {
  const { id } = await on.planPayment(await on.prepareClient());
  await on.services.payments.reject({ id, motifRejet: 'AM04' });
  await on.completed(eventIdOf('payment.rejected', [id, '1', '1']));
  return id;
}

/** Has a rejected payment presented again; no policy has seconds, so the planned instant is moved. */
async function retryOf(id: string): Promise<string> {
  const sql = 'UPDATE retry.schedules SET prochaine_at = $1, version = version + 1 WHERE payment_id = $2';
  await stack.sql(sql, new Date(dueAt.epochMilliseconds), id);
  await (await stack.temporal()).workflow.getHandle(`retry/${id}`).signal(paymentRejectedSignal);
  return id;
}

/** The mails of a reminder: as they are recorded, and how often each is in the inbox. */
async function mailsOf({ clientId, address }: Reminder) {
  const recorded = await stack.sql<{ statut: string; messageId: string; envoyeAt: Date }>(
    `SELECT statut, message_id AS "messageId", envoye_at AS "envoyeAt" FROM email.emails
     WHERE client_id = $1 AND modele = 'rappel'`,
    clientId,
  );
  const inbox = (await stack.mailsTo(address)).map(({ headers }) => headers['message-id']);
  return recorded.map(({ statut, messageId, envoyeAt }) => ({
    ...{ statut, sentAt: envoyeAt.getTime() },
    received: inbox.filter((id) => id === `<${messageId}>`).length,
  }));
}

/** Waits for the end of a reminder, and checks that it was sent once; answers when. */
async function sentOnce(reminder: Reminder): Promise<number> {
  const { invoiceId } = reminder;
  await on.completed(`relance/${invoiceId}`);
  expect(await countRuns(await stack.temporal(), `relance/${invoiceId}`)).toBe(1);
  expect(await reminder.planned()).toMatchObject({ statut: 'ACHEVEE' });
  const { historique } = await stack
    .client('relance', HistoriqueRelanceServiceService)
    .list({ invoiceId, pageSize: 20 });
  expect(historique.filter(({ action }) => action === 'ENVOI')).toHaveLength(1);
  const mails = await mailsOf(reminder);
  expect(mails).toMatchObject([{ statut: 'ENVOYE', received: 1 }]);
  return mails[0]!.sentAt;
}

test(
  'a reminder that was due meanwhile is sent at the return, once',
  async () => {
    expect(await sentOnce(always)).toBeGreaterThan(closing.epochMilliseconds);
  },
  WITHIN_MS,
);

test(
  'one whose hours were over by the return is planned for the next opening, and is sent at it, once',
  async () => {
    const tomorrow = closing.subtract({ minutes: 1 }).add({ days: 1 });
    await until('the next opening', async () => {
      const { statut, prochaineAt } = await closedMeanwhile.planned();
      if (prochaineAt?.getTime() === tomorrow.epochMilliseconds) return true;
      throw new Error(`${statut} ${prochaineAt?.toISOString()}`);
    });
    expect(await mailsOf(closedMeanwhile)).toEqual([]);
    // tomorrow is not waited for: it opens in a minute, by a rule that was changed
    const soon = nextMinute(5_000);
    await closedMeanwhile.setHours(notBefore(soon));
    const { invoiceId: id } = closedMeanwhile;
    const moved = await on.services.relances.migrer({ id, motif: 'autres horaires' });
    expect(moved.prochaineAt!.getTime()).toBeGreaterThanOrEqual(soon.epochMilliseconds);
    expect(await sentOnce(closedMeanwhile)).toBeGreaterThanOrEqual(soon.epochMilliseconds);
  },
  WITHIN_MS,
);

test(
  'one that was due before its hours is sent when they begin, once',
  async () => {
    // a machine that comes back quickly has most of the time until then still before it
    await until('the opening', () => Date.now() > opening.epochMilliseconds, WITHIN_MS);
    expect(await sentOnce(openLater)).toBeGreaterThanOrEqual(opening.epochMilliseconds);
  },
  WITHIN_MS,
);

test(
  'the task of a first follow-up that was due meanwhile is created, once',
  async () => {
    const suivi = await until('the task', async () => {
      const { suivis } = await on.services.suivis.list({ clientId });
      return suivis.find(({ statut }) => statut === 'TACHE_CREEE');
    });
    const { taches } = await stack.client('activites', TacheServiceService).listByClient({ clientId });
    expect(taches.map(({ id }) => id)).toEqual([suivi.tacheId]);
    expect(await countRuns(await stack.temporal(), `suivi/${clientId}`)).toBe(1);
  },
  WITHIN_MS,
);

test(
  'a payment whose retry was due meanwhile is presented again, once',
  async () => {
    const schedule = await until('the attempt', async () => {
      const found = await on.services.retries.getSchedule({ id: paymentId });
      return found.statut === 'EN_COURS' && found;
    });
    expect(schedule.tentatives.map(({ statut }) => statut)).toEqual(['SOUMISE', 'PREVUE', 'PREVUE']);
    expect(await on.services.payments.get({ id: paymentId })).toMatchObject({
      ...{ statut: 'PLANIFIE', tentative: 2 },
    });
    expect(await countRuns(await stack.temporal(), `retry/${paymentId}`)).toBe(1);
  },
  WITHIN_MS,
);

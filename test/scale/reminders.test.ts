import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { RegleRelanceServiceService } from '@crm/proto/relance/relance';
import { importInvoices } from '../support/import-invoices.ts';
import { ops } from '../support/ops.ts';
import { startOwnStack, type OwnStack } from '../support/stack.ts';
import { unique, uniqueAddress } from '../support/unique.ts';
import { until } from '../support/until.ts';
import { discardingMailServer, type DiscardingMailServer } from './discarding-mail-server.ts';
import { watchMemory } from './memory.ts';

/** A smaller size by default; `npm run test:scale` has ten thousand. */
const REMINDERS = Number(process.env.REMINDERS || 60);
/** How many are started in a second, and how many may go out in one: fewer than the machine can, or none waits for its turn. */
const STARTED_PER_SECOND = Number(process.env.STARTED_PER_SECOND || 20);
const PER_SECOND = Number(process.env.REMINDERS_PER_SECOND || 2);
/** Of the organisation that is not to wait for the others. */
const FEW = Math.min(10, REMINDERS / 20);
const OTHERS = 2;
/** An organisation's invoices are of so many clients, or of fewer. */
const CLIENTS = 20;

/** The last of them is asleep by then, with the server's restart, even where the machine is busy. */
const DAY_MS = 24 * 3600_000;
const STARTED_MS = (REMINDERS / STARTED_PER_SECOND) * 1_000;
const DUE_IN_MS = STARTED_MS * 1.8 + 40_000;
/** How many must sleep by the restart at the latest, which is that long before they are due. */
const MOST = 0.6;
const RESTART_MS = 15_000;
const SENT_WITHIN_MS = (REMINDERS / PER_SECOND) * 5_000 + 120_000;
const WITHIN_MS = DUE_IN_MS + SENT_WITHIN_MS + 120_000;

let mailbox: DiscardingMailServer;
let stack: OwnStack;
beforeAll(async () => {
  mailbox = await discardingMailServer();
  stack = await startOwnStack({ SMTP_URL: mailbox.url, REMINDERS_PER_SECOND: String(PER_SECOND) });
}, 180_000);
afterAll(async () => {
  await stack?.stop();
  await mailbox?.close();
}, 60_000);

/** Half of all in one organisation, then a few in one, and the rest in some: in the order in which they start. */
function sharesOf(all: number): { organisationId: string; count: number }[] {
  const half = Math.floor(all / 2);
  const rest = all - half - FEW;
  const each = Math.ceil(rest / OTHERS);
  const others = Array.from({ length: OTHERS }, (_, n) => Math.min(each, rest - n * each));
  return [half, FEW, ...others].map((count) => ({ organisationId: unique('org'), count }));
}

const seconds = (ms: number) => Math.round(ms / 100) / 10;

test(
  `${REMINDERS} reminders that are due at the same instant, across a restart of Temporal: each once, none late for another's`,
  async () => {
    const memory = watchMemory(stack.platform);
    const clients = stack.client('clients', ClientBaseServiceService);
    const regles = stack.client('relance', RegleRelanceServiceService);
    const shares = sharesOf(REMINDERS);
    const dueAtMs = Math.ceil((Date.now() + DUE_IN_MS) / 1_000) * 1_000;
    // all are issued at one instant, from which the delay counts
    const issued = new Date(dueAtMs - DAY_MS);
    const always = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
    for (const { organisationId, count } of shares) {
      await regles.create({ organisationId, niveau: 1, delai: 'PT24H', modele: 'relance', ...always });
      const ids: string[] = [];
      for (let n = 0; n < Math.min(CLIENTS, count); n += 1) {
        const { id } = await clients.create({ organisationId, nom: 'Client' });
        // only now: with an address from the start a client is welcomed, and every mail is to be a reminder
        await clients.update({ id, email: uniqueAddress() });
        ids.push(id);
      }
      const invoices = Array.from({ length: count }, (_, n) => ({
        organisationId,
        clientId: ids[n % ids.length]!,
        numero: `REPRISE-${n + 1}`,
        issued,
      }));
      await importInvoices(stack, invoices);
    }

    memory.enters('starting');
    const startedMs = Date.now();
    for (const { organisationId, count } of shares) {
      const pace = ['--per-second', String(STARTED_PER_SECOND)];
      const { output } = await ops(stack, 'adopt', '--org', organisationId, '--yes', ...pace);
      expect(output).toMatch(new RegExp(`^${count} factures? reprises?$`, 'm'));
    }
    const started = Date.now() - startedMs;
    const temporal = await stack.temporal();
    const count = async (state: string) =>
      (await temporal.workflow.count(`WorkflowType = 'invoiceReminder' AND ExecutionStatus = '${state}'`))
        .count;
    /** Those that a busy machine has not started by then go as soon as they are. */
    const asleep = async () => {
      const [row] = await stack.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM relance.relances WHERE statut = 'EN_ATTENTE' AND prochaine_at = $1`,
        new Date(dueAtMs),
      );
      return row!.n;
    };
    await until(
      'all of them, or most, to sleep',
      async () => {
        const n = await asleep();
        return n === REMINDERS || (n > MOST * REMINDERS && Date.now() > dueAtMs - RESTART_MS);
      },
      dueAtMs - Date.now(),
    );
    const [sleeping, asleepMs] = [await asleep(), Date.now() - startedMs];
    memory.enters('asleep');
    await stack.platform.kill('temporal');
    expect(Date.now()).toBeLessThan(dueAtMs);
    await stack.platform.start('temporal');

    memory.enters('sending');
    await until(
      'the last of them',
      async () => (await count('Completed')) === REMINDERS,
      WITHIN_MS - (Date.now() - startedMs),
    );
    const peaks = memory.stop();

    const sent = await stack.sql<{ messageId: string; organisationId: string; statut: string }>(
      `SELECT message_id AS "messageId", organisation_id AS "organisationId", statut
       FROM email.emails WHERE modele = 'relance'`,
    );
    const arrivals = new Map<string, number[]>();
    for (const { messageId, atMs } of mailbox.taken) {
      arrivals.set(messageId, [...(arrivals.get(messageId) ?? []), atMs]);
    }
    const arrivalsOf = (rows: typeof sent) => rows.flatMap(({ messageId }) => arrivals.get(messageId) ?? []);
    const times = arrivalsOf(sent).sort((a, b) => a - b);
    const whole = times.at(-1)! - dueAtMs;
    const rate = Math.round((times.length / (times.at(-1)! - times[0]!)) * 10_000) / 10;
    const few = sent.filter(({ organisationId }) => organisationId === shares[1]!.organisationId);
    const fewDone = Math.max(...arrivalsOf(few)) - dueAtMs;
    const fewRank = times.indexOf(fewDone + dueAtMs);
    console.log(
      [
        `${REMINDERS} reminders, started in ${seconds(started)} s, ${sleeping} asleep after ${seconds(asleepMs)} s`,
        `all sent ${seconds(whole)} s after they were due, ${rate} a second, ${PER_SECOND} at most`,
        `the ${FEW} of one organisation, behind the half of another, after ${seconds(fewDone)} s`,
        `memory, MB at most: ${JSON.stringify(peaks)}`,
      ].join('\n'),
    );
    for (const { organisationId, count: wanted } of shares) {
      const ours = sent.filter((mail) => mail.organisationId === organisationId);
      expect(ours.filter(({ statut }) => statut === 'ENVOYE')).toHaveLength(wanted);
      expect(ours.filter(({ messageId }) => arrivals.get(messageId)?.length !== 1)).toEqual([]);
    }
    expect(sent).toHaveLength(REMINDERS);
    const [{ n: recorded } = { n: 0 }] = await stack.sql<{ n: number }>(
      `SELECT count(DISTINCT invoice_id)::int AS n FROM relance.relances WHERE statut = 'ACHEVEE'`,
    );
    expect(recorded).toBe(REMINDERS);
    expect(mailbox.taken).toHaveLength(REMINDERS);

    expect(times[0]).toBeGreaterThanOrEqual(dueAtMs);
    // the rate holds, but for what a server lets pass at once in the beginning; no slow machine makes this fail
    expect(whole).toBeGreaterThan((REMINDERS / PER_SECOND) * 800);
    // in their order they would be behind the half of them
    expect(fewRank).toBeLessThan(REMINDERS * 0.4);
  },
  WITHIN_MS,
);

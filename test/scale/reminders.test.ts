import { addDays, dateInParis, todayInParis } from '@crm/domain';
import { CalendarEngineServiceService, Calendrier } from '@crm/proto/calendar/calendar';
import { ClientBaseServiceService } from '@crm/proto/clients/clients';
import { MandateServiceService, PaymentServiceService } from '@crm/proto/payments/payments';
import { AttenteRelanceServiceService, GenreAttente } from '@crm/proto/relance/attentes';
import { RegleRelanceServiceService, RelanceServiceService } from '@crm/proto/relance/relance';
import PQueue from 'p-queue';
import { AMOUNT } from '../support/ground.ts';
import { importInvoices, type Imported } from '../support/import-invoices.ts';
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
/** A client has so many invoices. */
const A_CLIENT = 10;
/** Every third invoice is covered by a debit under way, and of so many a client promises to pay. */
const PROMISES = Math.min(100, Math.floor(REMINDERS / 20));
/** Preparations at once. */
const AT_ONCE = 8;

/** The last of them is asleep by then, with the server's restart, even where the machine is busy. */
const DAY_MS = 24 * 3600_000;
const STARTED_MS = (REMINDERS / STARTED_PER_SECOND) * 1_000;
/** Four commands start in it, each with a process of its own: more where others use the machine. */
const MARGIN_MS = Number(process.env.MARGIN_S || 40) * 1_000;
const DUE_IN_MS = STARTED_MS * 1.8 + MARGIN_MS;
/** How many must sleep by the restart at the latest, which is that long before they are due. */
const MOST = 0.6;
const RESTART_MS = 15_000;
const SENT_WITHIN_MS = (REMINDERS / PER_SECOND) * 5_000 + 120_000 + MARGIN_MS;
/** Creating clients, mandates, debits and promises before. */
const PREPARED_MS = REMINDERS * 60 + 120_000;
const WITHIN_MS = PREPARED_MS + DUE_IN_MS + SENT_WITHIN_MS + 240_000;

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
  `${REMINDERS} reminders that are due at the same instant, across a restart of Temporal: each once, none late for another's, none for what is debited or promised`,
  async () => {
    const memory = watchMemory(stack.platform);
    const clients = stack.client('clients', ClientBaseServiceService);
    const regles = stack.client('relance', RegleRelanceServiceService);
    const attentes = stack.client('relance', AttenteRelanceServiceService);
    const relances = stack.client('relance', RelanceServiceService);
    const mandats = stack.client('payments', MandateServiceService);
    const payments = stack.client('payments', PaymentServiceService);
    const calendar = stack.client('calendar', CalendarEngineServiceService);
    const bankDays = [Calendrier.FRANCE, Calendrier.T2];
    const { datePrevue } = await calendar.calculatePlannedDate({ delaiJours: 30, calendriers: bankDays });
    const shares = sharesOf(REMINDERS);
    const always = { ouverture: '00:00', fermeture: '00:00', tousLesJours: true, espacement: 'PT0S' };
    const invoices: Imported[] = [];
    const mandatOf = new Map<string, string>();
    const preparations = new PQueue({ concurrency: AT_ONCE });
    for (const { organisationId, count } of shares) {
      await regles.create({ organisationId, niveau: 1, delai: 'PT24H', modele: 'relance', ...always });
      const ids: string[] = [];
      await preparations.addAll(
        Array.from({ length: Math.ceil(count / A_CLIENT) }, () => async () => {
          // nobody is welcomed: every mail is to be a reminder
          const who = { nom: 'Client', email: uniqueAddress(), sansBienvenue: true };
          const { id: clientId } = await clients.create({ organisationId, ...who });
          const account = { iban: 'FR1420041010050500013M02606', titulaire: 'Client' };
          const whose = { organisationId, clientId, dateSignature: '2026-01-15' };
          mandatOf.set(clientId, (await mandats.create({ ...whose, ...account })).id);
          ids.push(clientId);
        }),
      );
      for (let n = 0; n < count; n += 1)
        invoices.push({
          ...{ organisationId, clientId: ids[n % ids.length]!, numero: `REPRISE-${n + 1}` },
          issued: new Date(),
        });
    }
    /** What holds back a reminder, by the place of its invoice in its organisation. */
    const isDebited = ({ numero }: Imported) => Number(numero.split('-')[1]) % 3 === 2;
    const promised = new Set(
      invoices.filter(({ numero }) => Number(numero.split('-')[1]) % 3 === 0).slice(0, PROMISES),
    );
    const isFree = (one: Imported) => !isDebited(one) && !promised.has(one);
    const expected = invoices.filter(isFree).length;

    const prepareMs = Date.now();
    const ids = await importInvoices(stack, invoices);
    const debits = new Map<string, string>();
    const holds = new Map<string, string>();
    await preparations.addAll(
      invoices.map((one, index) => async () => {
        const [id, { organisationId, clientId }] = [ids[index]!, one];
        if (isDebited(one)) {
          const debit = {
            organisationId,
            clientId,
            invoiceId: id,
            mandatId: mandatOf.get(clientId)!,
            datePrevue,
          };
          debits.set(id, (await payments.create({ ...debit, montant: BigInt(AMOUNT) })).id);
        } else if (promised.has(one)) {
          const promise = {
            genre: GenreAttente.PROMESSE,
            jusquAu: addDays(todayInParis(), 10),
            motif: 'promis',
          };
          holds.set(id, (await attentes.create({ ...promise, invoiceIds: [id] })).id);
        }
      }),
    );
    const preparedMs = Date.now() - prepareMs;
    // all are issued at one instant, from which the delay counts
    const dueAtMs = Math.ceil((Date.now() + DUE_IN_MS) / 1_000) * 1_000;
    const issued = new Date(dueAtMs - DAY_MS);
    await stack.sql(
      'UPDATE factures.factures SET created_at = $1, date_facture = $2, date_echeance = $2',
      ...[issued, dateInParis(issued)],
    );

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
        `SELECT count(*)::int AS n FROM relance.relances WHERE statut = 'EN_ATTENTE' AND (prochaine_at IS NULL OR prochaine_at >= $1)`,
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
      async () => (await count('Completed')) === expected,
      WITHIN_MS - (Date.now() - startedMs),
    );
    /** Those that are held back, and have looked at it: what is due waits for later. */
    const waiting = async () => {
      const [row] = await stack.sql<{ n: number }>(
        `SELECT count(*)::int AS n FROM relance.relances WHERE statut = 'EN_ATTENTE' AND prochaine_at > $1`,
        new Date(dueAtMs + 3600_000),
      );
      return row!.n;
    };
    await until('the others to wait', async () => (await waiting()) === REMINDERS - expected, SENT_WITHIN_MS);
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
        `${REMINDERS} reminders of ${mandatOf.size} clients, ${debits.size} with a debit and ${holds.size} promised, prepared in ${seconds(preparedMs)} s`,
        `started in ${seconds(started)} s, ${sleeping} asleep after ${seconds(asleepMs)} s`,
        `all sent ${seconds(whole)} s after they were due, ${rate} a second, ${PER_SECOND} at most`,
        `the ${FEW} of one organisation, behind the half of another, after ${seconds(fewDone)} s`,
        `memory, MB at most: ${JSON.stringify(peaks)}`,
      ].join('\n'),
    );
    for (const { organisationId } of shares) {
      const wanted = invoices.filter((one) => one.organisationId === organisationId && isFree(one)).length;
      const ours = sent.filter((mail) => mail.organisationId === organisationId);
      expect(ours.filter(({ statut }) => statut === 'ENVOYE')).toHaveLength(wanted);
      expect(ours.filter(({ messageId }) => arrivals.get(messageId)?.length !== 1)).toEqual([]);
    }
    expect(sent).toHaveLength(expected);
    const [{ n: recorded } = { n: 0 }] = await stack.sql<{ n: number }>(
      `SELECT count(DISTINCT invoice_id)::int AS n FROM relance.relances WHERE statut = 'ACHEVEE'`,
    );
    expect(recorded).toBe(expected);
    expect(mailbox.taken).toHaveLength(expected);

    expect(times[0]).toBeGreaterThanOrEqual(dueAtMs);
    // the rate holds, but for what a server lets pass at once in the beginning; no slow machine makes this fail
    expect(whole).toBeGreaterThan((expected / PER_SECOND) * 800);
    // in their order they would be behind the half of them
    expect(fewRank).toBeLessThan(expected * 0.4);

    // what held one of each back ends: it goes out, once, and no other
    const [debited, held] = [[...debits][0]!, [...holds][0]!];
    expect((await relances.get({ id: debited[0] })).attente).toContain('prélèvement');
    expect((await relances.get({ id: held[0] })).attente).toContain('promesse');
    await payments.reject({ id: debited[1], motifRejet: 'MD01' });
    await attentes.lever({ id: held[1], motif: 'annulée' });
    await until('the two', async () => (await count('Completed')) === expected + 2, 120_000);
    const again = await stack.sql<{ envoi: string }>(
      `SELECT envoi FROM email.emails WHERE modele = 'relance'`,
    );
    expect(new Set(again.map(({ envoi }) => envoi)).size).toBe(expected + 2);
    expect(again).toHaveLength(expected + 2);
    for (const id of [debited[0], held[0]]) expect((await relances.get({ id })).statut).toBe('ACHEVEE');
  },
  WITHIN_MS,
);

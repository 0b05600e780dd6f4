import { randomUUID } from 'node:crypto';
import type { Db } from '@crm/db';
import { clientName } from '@crm/domain';
import { StatutSuivi } from '@crm/proto/relance/relance';
import { RUNNING } from '@crm/relance/apply-action';
import { LIVE } from '@crm/retry/schedules';
import { startOfSuivi } from '@crm/workers/follow-ups/start-first-follow-up';
import { clientCreatedSignal } from '@crm/workflows/first-follow-up';
import { startOfReminders, startOfRetries, type FollowUpStart } from '@crm/workflows/follow-up-starts';
import { relanceWorkflowId, retryWorkflowId, suiviWorkflowId } from '@crm/workflows/ids';
import { attenteLeveeSignal } from '@crm/workflows/invoice-reminder';
import { paymentRejectedSignal } from '@crm/workflows/payment-retry';
import { FailedHandlers } from '@crm/workflows/search-attributes';
import { startOptions } from '@crm/workflows/start-options';
import { FOLLOW_UPS_QUEUE } from '@crm/workflows/task-queues';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { PlainError } from '../plain-error.ts';
import { progress, say } from './progress.ts';

/** Rows and runs are read so many at a time, whatever their number. */
const PAGE = 500;
const AT_ONCE = 20;
/** A run that does not answer within this time, in milliseconds, has a problem of its own. */
const ANSWERS_MS = 20_000;

type Type = FollowUpStart['workflowType'];

/** A follow-up as its row says. */
type Row = {
  id: string;
  /** Of the invoice, payment or client; the end of the workflow's id. */
  key: string;
  clientId: string;
  /** Empty: none. */
  invoiceId: string;
  statut: string;
  isLive: boolean;
  /** Undefined: the row has none, because nothing of it changes while it runs. */
  version: number | undefined;
  updatedAt: Date;
  /** How to start it. Undefined: its invoice is unknown. */
  start: (of: { correlationId: string; numero: string | undefined }) => FollowUpStart | undefined;
};

type Kind = {
  title: string;
  workflowId: (key: string) => string;
  /** Has the run read its row again. */
  again: string;
  /** Rows that should run, after an id, in the order of ids. */
  live: (db: Db, after: string) => Promise<Row[]>;
  /** Rows by the ends of their workflows' ids. */
  of: (db: Db, keys: string[]) => Promise<Row[]>;
};

type Rows<R> = (where: object, more?: { orderBy: { id: 'asc' }; take: number }) => Promise<R[]>;

/** The two ways in which rows of a table are read. */
function reading<R>(rows: (db: Db) => Rows<R>, key: string, live: object, toRow: (row: R) => Row) {
  return {
    live: async (db: Db, after: string) =>
      (await rows(db)({ ...live, id: { gt: after } }, { orderBy: { id: 'asc' }, take: PAGE })).map(toRow),
    of: async (db: Db, keys: string[]) => (await rows(db)({ [key]: { in: keys } })).map(toRow),
  };
}

const RELANCE_RUNS: string[] = RUNNING;

const KINDS: Record<Type, Kind> = {
  invoiceReminder: {
    ...{ title: 'reminders', workflowId: relanceWorkflowId, again: attenteLeveeSignal.name },
    ...reading(
      (db) => (where, more) => db.relance.findMany({ where, ...more }),
      'invoiceId',
      { statut: { in: RELANCE_RUNS } },
      ({ id, invoiceId, clientId, organisationId, statut, version, updatedAt }) => ({
        ...{ id, key: invoiceId, clientId, invoiceId, statut, version, updatedAt },
        isLive: RELANCE_RUNS.includes(statut),
        start: ({ correlationId, numero }) =>
          numero
            ? startOfReminders({ id: invoiceId, numero, clientId, organisationId }, { correlationId })
            : undefined,
      }),
    ),
  },
  paymentRetry: {
    ...{ title: 'retries', workflowId: retryWorkflowId, again: paymentRejectedSignal.name },
    ...reading(
      (db) => (where, more) => db.retrySchedule.findMany({ where, ...more }),
      'paymentId',
      { statut: { in: LIVE } },
      (row) => ({
        ...{ id: row.id, key: row.paymentId, clientId: row.clientId, invoiceId: row.invoiceId },
        ...{ statut: row.statut, version: row.version, updatedAt: row.updatedAt },
        isLive: LIVE.includes(row.statut),
        start: (of) => startOfRetries(row, of),
      }),
    ),
  },
  firstFollowUp: {
    ...{ title: 'first follow-ups', workflowId: suiviWorkflowId, again: clientCreatedSignal.name },
    ...reading(
      (db) => (where, more) => db.suivi.findMany({ where, ...more }),
      'clientId',
      { statut: { not: StatutSuivi.TERMINE } },
      (row) => ({
        ...{ id: row.id, key: row.clientId, clientId: row.clientId, invoiceId: '' },
        ...{ statut: row.statut, version: undefined, updatedAt: row.updatedAt },
        isLive: row.statut !== String(StatutSuivi.TERMINE),
        start: ({ correlationId }) => startOfSuivi(row, correlationId),
      }),
    ),
  },
};

/** What is wrong with a follow-up, in the order of the summary. */
const FAULTS = {
  missing: 'its row says that it runs, and nothing does',
  behind: 'its run has not read its row',
  over: 'its row has ended, and a run goes on',
  'without a row': 'it runs without a row',
  silent: 'its run does not answer',
} as const;
type Fault = keyof typeof FAULTS;

type Finding = { type: Type; key: string; row: Row | undefined; fault: Fault; why?: string };

/** How many were compared, and what was found. */
type Counts = Record<Fault, number> & { checked: number; waiting: number; mended: number };

type Options = { repair: boolean; json: boolean; before: Date };

/**
 * Compares the rows of follow-ups with their runs, in both directions, and says what differs. With `repair` missing
 * runs are started from their rows, and others read their row again: that sends nothing twice, because runs look at
 * their row before they act.
 * @param options `before`: rows and runs that changed later are left alone, because they may be under way
 * @returns whether something was found that is not mended
 */
export async function reconcileFollowUps(db: Db, client: Client, options: Options): Promise<boolean> {
  await assertWorkers(client);
  const counts: Counts = {
    ...{ checked: 0, waiting: 0, mended: 0 },
    ...{ missing: 0, behind: 0, over: 0, 'without a row': 0, silent: 0 },
  };
  const correlationId = randomUUID();
  const tell = async (findings: Finding[]) => {
    const names = await namesOf(db, findings);
    for (const finding of findings) {
      counts[finding.fault] += 1;
      const outcome = options.repair ? await mend(client, finding, names(finding), correlationId) : 'found';
      if (outcome === 'mended') counts.mended += 1;
      report(finding, names(finding), outcome, options.json);
    }
  };
  for (const type of Object.keys(KINDS) as Type[]) {
    for await (const rows of liveRows(db, type)) {
      const old = rows.filter(({ updatedAt }) => updatedAt < options.before);
      const found = await inTurns(old, (row) => lookAt(client, type, row, counts));
      await tell(await stillSo(db, type, found, options.before));
      counts.checked += rows.length;
      progress(`${counts.checked} compared`);
    }
    for await (const runs of openRuns(client, type, options.before)) {
      const rows = await KINDS[type].of(
        db,
        runs.map(({ key }) => key),
      );
      const found = await inTurns(runs, (run) =>
        lookBack(
          client,
          type,
          run,
          rows.find(({ key }) => key === run.key),
          options,
        ),
      );
      await tell(found);
    }
  }
  progress('');
  const { checked, waiting, mended, ...faults } = counts;
  const found = Object.values(faults).reduce((sum, count) => sum + count, 0);
  if (options.json) console.log(JSON.stringify({ checked, waiting, ...faults, mended }));
  else {
    const words = Object.entries(faults).map(([fault, count]) => `${count} ${fault}`);
    console.log(`${checked} compared: ${words.join(', ')}${options.repair ? `; ${mended} mended` : ''}`);
    if (waiting) console.log(`${waiting} wait for an operator: failed list`);
    if (found && !options.repair) console.log('Nothing was changed. Mend it with --repair.');
  }
  return found > mended;
}

/** @throws {PlainError} no worker answers queries: everything would be silent */
async function assertWorkers({ workflowService, options: { namespace } }: Client): Promise<void> {
  const { pollers } = await workflowService.describeTaskQueue({
    ...{ namespace, taskQueue: { name: FOLLOW_UPS_QUEUE } },
    taskQueueType: 1, // of workflows
  });
  if (!pollers?.length)
    throw new PlainError(
      'No worker runs follow-ups, and their runs cannot be asked: start the workers first.',
    );
}

/** Without those whose rows have changed since they were read, which can be minutes ago: the next time tells. */
async function stillSo(db: Db, type: Type, findings: Finding[], before: Date): Promise<Finding[]> {
  const keys = findings.map(({ key }) => key);
  const rows = keys.length > 0 ? await KINDS[type].of(db, keys) : [];
  const now = new Map(rows.map((row) => [row.key, row]));
  return findings.filter(({ key }) => now.get(key)?.isLive && now.get(key)!.updatedAt < before);
}

async function* liveRows(db: Db, type: Type): AsyncGenerator<Row[]> {
  for (let after = ''; ;) {
    const rows = await KINDS[type].live(db, after);
    if (rows.length === 0) return;
    after = rows.at(-1)!.id;
    yield rows;
  }
}

type Open = { key: string; isWaiting: boolean };

/** Open runs, page by page. */
async function* openRuns(client: Client, type: Type, before: Date): AsyncGenerator<Open[]> {
  const query = `WorkflowType = '${type}' AND ExecutionStatus = 'Running' AND StartTime < '${before.toISOString()}'`;
  let some: Open[] = [];
  for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query, pageSize: PAGE })) {
    const key = workflowId.slice(workflowId.indexOf('/') + 1);
    some.push({ key, isWaiting: typedSearchAttributes.get(FailedHandlers) !== undefined });
    if (some.length === PAGE) {
      yield some;
      some = [];
    }
  }
  yield some;
}

/** The findings about some, a few at once. */
async function inTurns<T>(items: T[], look: (item: T) => Promise<Finding | undefined>): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const some = await Promise.all(items.slice(at, at + AT_ONCE).map(look));
    findings.push(...some.filter((finding) => finding !== undefined));
  }
  return findings;
}

/** Looks at the run of a row that should have one. */
async function lookAt(client: Client, type: Type, row: Row, counts: Counts): Promise<Finding | undefined> {
  const finding = (fault: Fault, why?: string): Finding => ({
    type,
    key: row.key,
    row,
    fault,
    ...(why && { why }),
  });
  const handle = client.workflow.getHandle(KINDS[type].workflowId(row.key));
  try {
    const { status, typedSearchAttributes } = await handle.describe();
    if (status.name !== 'RUNNING') return finding('missing', status.name);
    if (typedSearchAttributes.get(FailedHandlers)) return void (counts.waiting += 1);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return finding('missing');
    throw error;
  }
  const known = await ask(client, type, row.key);
  if ('silent' in known) return finding('silent', known.silent);
  return isBehind(row, known) ? finding('behind', `it knows ${known.statut}`) : undefined;
}

/** Looks at a run whose row says that nothing should run. */
async function lookBack(
  client: Client,
  type: Type,
  { key, isWaiting }: Open,
  row: Row | undefined,
  { before }: Options,
): Promise<Finding | undefined> {
  if (!row) return { type, key, row, fault: 'without a row' };
  // one that waits for an operator is listed there; one whose row is live was looked at from its row
  if (row.isLive || isWaiting || row.updatedAt >= before) return undefined;
  const known = await ask(client, type, key);
  if ('silent' in known) return { type, key, row, fault: 'silent', why: known.silent };
  // one that has read its end may still have a mail to send
  return row.version === undefined || isBehind(row, known) ? { type, key, row, fault: 'over' } : undefined;
}

type Known = { statut?: string; version?: number };

/** What a run knows of its row. It is asked, which has a worker replay it. */
async function ask(client: Client, type: Type, key: string): Promise<Known | { silent: string }> {
  if (type === 'firstFollowUp') return {};
  const handle = client.workflow.getHandle(KINDS[type].workflowId(key));
  try {
    return (
      (await client.connection.withDeadline(Date.now() + ANSWERS_MS, () =>
        handle.query<Known | undefined>('plan'),
      )) ?? {}
    );
  } catch (error) {
    return { silent: (error as Error).message };
  }
}

/** Runs from before this version do not tell which version of the row they know. */
const isBehind = (row: Row, { statut, version }: Known): boolean => {
  if (row.version === undefined) return false;
  return version === undefined ? statut !== row.statut : version !== row.version;
};

type Names = { facture: string | undefined; client: string | undefined };

/** The invoices' numbers and the clients' names, read at once. */
async function namesOf(db: Db, findings: Finding[]): Promise<(of: Finding) => Names> {
  const rows = findings.flatMap(({ row }) => row ?? []);
  const [factures, clients] = await Promise.all([
    db.facture.findMany({
      where: { id: { in: rows.map(({ invoiceId }) => invoiceId).filter(Boolean) } },
      select: { id: true, numero: true },
    }),
    db.client.findMany({ where: { id: { in: rows.map(({ clientId }) => clientId) } } }),
  ]);
  const numeros = new Map(factures.map(({ id, numero }) => [id, numero]));
  const names = new Map(clients.map((client) => [client.id, clientName(client)]));
  return ({ row }) => ({
    facture: numeros.get(row?.invoiceId ?? ''),
    client: names.get(row?.clientId ?? ''),
  });
}

/** Starts a missing run, or has one read its row again. Returns why it could not. */
async function mend(
  client: Client,
  finding: Finding,
  { facture }: Names,
  correlationId: string,
): Promise<string> {
  const { type, key, row, fault } = finding;
  const { again, workflowId } = KINDS[type];
  const handle = client.workflow.getHandle(workflowId(key));
  try {
    if (fault === 'silent') return 'look at it in the Temporal UI';
    if (fault === 'missing') {
      const start = row!.start({ correlationId, numero: facture });
      if (!start) return 'its invoice is unknown';
      await client.workflow.signalWithStart(type, {
        ...startOptions(start),
        ...{
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
          workflowIdConflictPolicy: 'USE_EXISTING',
          signal: again,
        },
      });
    } else if (type === 'firstFollowUp') await handle.terminate('ops reconcile: its row has ended');
    else if (!row && type === 'paymentRetry') return 'the retry service does not know the payment';
    else await handle.signal(again);
    return 'mended';
  } catch (error) {
    return (error as Error).message;
  }
}

function report(
  { type, key, row, fault, why }: Finding,
  { facture, client }: Names,
  outcome: string,
  json: boolean,
) {
  const workflowId = KINDS[type].workflowId(key);
  if (json) {
    const about = { workflowId, facture, client, statut: row?.statut };
    console.log(
      JSON.stringify({
        fault,
        ...about,
        why,
        mended: outcome === 'mended',
        ...(outcome !== 'mended' && outcome !== 'found' && { obstacle: outcome }),
      }),
    );
    return;
  }
  const about = [facture && `facture ${facture}`, client && `client ${client}`, row?.statut]
    .filter(Boolean)
    .join(', ');
  const words = `${FAULTS[fault]}${why ? ` (${why})` : ''}`;
  say(`${workflowId}  ${about ? `${about}: ` : ''}${words}${outcome === 'found' ? '' : `; ${outcome}`}`);
}

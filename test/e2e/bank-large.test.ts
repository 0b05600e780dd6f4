import { connectTo, PORTS } from '@crm/kit';
import { migrate } from '@crm/db/migrate';
import { PaymentServiceService } from '@crm/proto/payments/payments';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { camt054, entry, pain002, rejections } from '../support/bank-reports.ts';
import { sharedStack } from '../support/stack.ts';
import { until } from '../support/until.ts';

/**
 * In a database of its own, so that none of it becomes an event of the shared platform.
 * `BANK_REPORT_TRANSACTIONS=50000`: a month of a large organisation.
 */
const COUNT = Number(process.env.BANK_REPORT_TRANSACTIONS ?? 5_000);
const root = new URL('../..', import.meta.url).pathname;
const stack = sharedStack();
const database = `bank_${process.pid}`;
const dir = mkdtempSync(join(tmpdir(), 'suivi-bank-'));
const url = new URL(stack.env.DATABASE_URL!);
url.pathname = `/${database}`;
let sql: pg.Pool;
let service: ChildProcess | undefined;
let ports: { offset: number; release(): Promise<void> };

beforeAll(async () => {
  await stack.sql(`CREATE DATABASE ${database}`);
  await migrate(url.href);
  sql = new pg.Pool({ connectionString: url.href, max: 2 });
  await sql.query(
    `INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
       montant, statut, date_prevue, updated_at)
     SELECT gen_random_uuid(), 'org', 'client-' || n, '', '', '', 'mandat', 1000, 'EMIS', '2026-03-09', now()
     FROM generate_series(1, $1) n`,
    [COUNT],
  );
  await sql.query(
    `INSERT INTO payments.presentations (id, file_id, payment_id, organisation_id, tentative, mandat_id, montant,
       sequence_type, bloc_id, libelle)
     SELECT replace(id, '-', '') || '01', 'file', id, 'org', 1, 'mandat', montant, 'RCUR', 'bloc', id
     FROM payments.payments`,
  );
  ports = await reservePortOffset(Object.values(PORTS));
}, 120_000);

afterAll(async () => {
  service?.kill('SIGKILL');
  await sql?.end();
  await stack.sql(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  rmSync(dir, { recursive: true, force: true });
  await ports?.release();
  await stack.close();
}, 60_000);

/** The payments service, alone. */
async function start(): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'services/main.ts', 'payments'], {
    cwd: root,
    stdio: 'ignore',
    env: {
      // with all of the machine's memory Node collects garbage late, and 50,000 transactions take 250 MiB of
      // it
      NODE_OPTIONS: '--max-old-space-size=200',
      ...{ PATH: process.env.PATH, HOME: process.env.HOME, IBAN_KEYS: stack.env.IBAN_KEYS },
      ...{ DATABASE_URL: url.href, JWT_SECRET: stack.env.JWT_SECRET, BANK_DIR: dir },
      ...{ PORT_OFFSET: String(ports.offset), METRICS_PORT: String(9465 + ports.offset) },
    },
  });
  service = child;
  await until('the service', async () => (await fetch(`http://127.0.0.1:${9465 + ports.offset}/readyz`)).ok);
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** The resident memory of a process, now and at its maximum, in MiB; undefined without /proc. */
function memory({ pid }: ChildProcess): { now: number; most: number } {
  if (process.platform !== 'linux') return { now: 0, most: 0 };
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (name: string) => Math.round(Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)![1]) / 1024);
  return { now: mib('VmRSS'), most: mib('VmHWM') };
}

const one = async <T>(text: string): Promise<T> => (await sql.query<T & object>(text)).rows[0]!;
const ids = async () =>
  (await sql.query<{ id: string }>('SELECT id FROM payments.presentations ORDER BY id')).rows.map(
    ({ id }) => id,
  );

/** Puts a report into the inbox as banks' programs do: under another name first. */
function drop(name: string, content: Buffer): void {
  mkdirSync(join(dir, 'inbox'), { recursive: true });
  writeFileSync(join(dir, 'inbox', name), content);
}

test(`${COUNT} transactions from the inbox: killed twice on the way, each is applied once, in bounded memory`, async () => {
  const report = pain002(rejections(await ids(), 'AM04'));
  drop('pain002.xml', report);
  const reading = await start();
  const staged = () =>
    one<{ count: number }>('SELECT count(*)::int AS count FROM payments.report_transactions');
  await until('some of it is read', async () => (await staged()).count > 0);
  await kill(reading);
  const applying = await start();
  const applied = () =>
    one<{ count: number }>('SELECT coalesce(max(appliquees), 0) AS count FROM payments.bank_reports');
  await until('some of it is applied', async () => (await applied()).count > 0);
  await kill(applying);
  expect((await applied()).count).toBeLessThan(COUNT);
  expect((await staged()).count).toBeGreaterThan(0);

  const since = performance.now();
  const child = await start();
  const before = memory(child);
  const imported = () =>
    one<{ rejetes: number; inconnus: number } | undefined>(
      'SELECT rejetes, inconnus FROM payments.bank_reports WHERE importe_at IS NOT NULL',
    );
  expect(await until('it is imported', imported, 150_000)).toEqual({ rejetes: COUNT, inconnus: 0 });
  const { most } = memory(child);
  measured(`inbox, ${COUNT} transactions, ${mib(report)} MiB, resumed`, since, before.now, most);
  expect(
    await one(
      `SELECT count(*)::int AS payments, sum(sequence)::int AS changes,
         (SELECT count(*)::int FROM events.outbox WHERE event_type = 'payment.rejected') AS events
       FROM payments.payments WHERE statut = 'REJETE'`,
    ),
  ).toEqual({ payments: COUNT, changes: COUNT, events: COUNT });
  expect(most - before.now).toBeLessThan(GROWTH_MIB);
  await until('the file is done', () =>
    readFileSync(join(dir, 'inbox', 'done', 'pain002.xml')).equals(report),
  );
  await kill(child);
}, 300_000);

test(`${COUNT} transactions by a call: within its deadline, in memory bounded by the request`, async () => {
  const entries = (await ids()).map((id) => entry({ id, date: new Date().toISOString() })).join('');
  await sql.query(`UPDATE payments.payments SET statut = 'EMIS', motif_rejet = '', date_rejet = NULL`);
  const contenu = camt054(entries.replaceAll('<Dt>', '<DtTm>').replaceAll('</Dt>', '</DtTm>'));
  const child = await start();
  const before = memory(child);
  const payments = connectTo(PaymentServiceService, `127.0.0.1:${PORTS.payments + ports.offset}`, () =>
    stack.token(),
  );
  const since = performance.now();
  const imported = await payments.importBankReport(
    { nomFichier: 'camt054.xml', contenu },
    { deadlineMs: 120_000 },
  );
  const { most } = memory(child);
  measured(`call, ${COUNT} transactions, ${mib(contenu)} MiB`, since, before.now, most);
  expect(imported).toMatchObject({ confirmes: COUNT, inconnus: 0, dejaImporte: false });
  expect(most - before.now).toBeLessThan(GROWTH_MIB + 4 * mib(contenu));
  const again = performance.now();
  expect(
    await payments.importBankReport({ nomFichier: 'again.xml', contenu }, { deadlineMs: 30_000 }),
  ).toEqual({
    ...imported,
    dejaImporte: true,
  });
  console.log(`the same again: ${((performance.now() - again) / 1000).toFixed(1)} s`);
  payments.close();
  await kill(child);
}, 200_000);

test('1,000 returns that name one mandate and no debit are not applied one by one', async () => {
  const count = 1_000;
  await sql.query(
    `INSERT INTO payments.mandates (id, organisation_id, client_id, iban_chiffre, iban_masque, bic, titulaire, rum,
       date_signature, statut, prenotification_jours)
     VALUES ('asked', 'org', 'client', '', '', '', '', 'RUM-ASKED', '2026-01-15', 'ACTIF', 14)`,
  );
  await sql.query(
    `INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
       montant, statut, date_prevue, updated_at)
     VALUES ('asked', 'org', 'client', '', '', '', 'asked', 700, 'EMIS', '2026-03-09', now())`,
  );
  await sql.query(
    `INSERT INTO payments.presentations (id, file_id, payment_id, organisation_id, tentative, mandat_id, montant,
       sequence_type, bloc_id, libelle)
     VALUES ('asked01', 'file', 'asked', 'org', 1, 'asked', 700, 'RCUR', 'bloc', 'asked')`,
  );
  // how often a report goes on
  await sql.query(`
    CREATE TABLE batches (report_id text);
    CREATE FUNCTION count_batch() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN INSERT INTO public.batches VALUES (NEW.id); RETURN NEW; END $$;
    CREATE TRIGGER count_batch AFTER UPDATE OF appliquees ON payments.bank_reports
      FOR EACH ROW WHEN (OLD.appliquees <> NEW.appliquees) EXECUTE FUNCTION count_batch()`);
  const returned =
    '<Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-10</Dt></BookgDt>' +
    '<NtryDtls><TxDtls><Refs><MndtId>RUM-ASKED</MndtId></Refs>' +
    '<RtrInf><Rsn><Cd>AM04</Cd></Rsn></RtrInf></TxDtls></NtryDtls></Ntry>';
  const child = await start();
  const payments = connectTo(PaymentServiceService, `127.0.0.1:${PORTS.payments + ports.offset}`, () =>
    stack.token(),
  );
  const contenu = camt054(returned.repeat(count));
  const { inconnus, rapportId } = await payments.importBankReport(
    { nomFichier: 'mandate.xml', contenu },
    { deadlineMs: 120_000 },
  );
  expect(inconnus).toBe(count);
  const { batches } = await one<{ batches: number }>(
    `SELECT count(*)::int AS batches FROM batches WHERE report_id = '${rapportId}'`,
  );
  expect(batches).toBeLessThanOrEqual(10);
  payments.close();
  await kill(child);
}, 200_000);

/** What resident memory may grow by, whatever the file has. */
const GROWTH_MIB = 200;
const mib = (content: Buffer): number => Math.round(content.length / 1024 / 1024);

/** Prints a measurement in the run's output. */
function measured(what: string, since: number, before: number, most: number): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  process.stderr.write(`${what}: ${seconds} s, resident memory ${before} to ${most} MiB at most\n`);
}

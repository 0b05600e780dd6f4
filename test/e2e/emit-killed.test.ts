import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PORTS } from '@crm/kit';
import { MandateServiceService } from '@crm/proto/payments/payments';
import { holderIn, type Holder } from '../support/holder.ts';
import { startPaymentsAlone, type PaymentsAlone } from '../support/payments-alone.ts';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

/**
 * Kills (SIGKILL) a separate payments process, on the shared database and bank folder, at each step between
 * "due" and "file written". Steps are stopped by locks that the test takes in the database.
 */
const stack = sharedStack();
const mandates = stack.client('payments', MandateServiceService);
const outbox = join(stack.env.BANK_DIR!, 'outbox');
const DAY = '2026-03-09';
const RANDOM_ROUNDS = 3;
/** The number of payments presented in one transaction: services/payments/debits/present-payments.ts. */
const BATCH = 500;

let offset = 0;
let release: () => Promise<void>;
/** The process that the next test kills; another one is started after it and continues. */
let victim: PaymentsAlone;

beforeAll(async () => {
  mkdirSync(outbox, { recursive: true });
  ({ offset, release } = await reservePortOffset(Object.values(PORTS)));
  victim = await startPayments();
}, 120_000);
afterAll(async () => {
  await victim?.kill();
  await release?.();
  await stack.close();
});

const holder = () => holderIn(stack);
const startPayments = () => startPaymentsAlone(stack, offset);

/** Due payments of one organisation. */
async function duePayments(count: number): Promise<{ organisationId: string; ids: string[] }> {
  const [organisationId, clientId] = [unique('org'), unique('client')];
  const account = { iban: 'FR1420041010050500013M02606', titulaire: 'Test', dateSignature: '2026-01-15' };
  const { id } = await mandates.create({ organisationId, clientId, ...account });
  const rows = await stack.sql<{ id: string }>(
    `INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
       montant, statut, date_prevue, updated_at)
     SELECT gen_random_uuid()::text, $1, $2, '', '', '', $3, 100, 'PLANIFIE', $4, now()
     FROM generate_series(1, $5) RETURNING id`,
    ...[organisationId, clientId, id, DAY, count],
  );
  return { organisationId, ids: rows.map((row) => row.id) };
}

/** The files in the bank's folder that contain an attempt of these payments. Every file must be complete. */
function filesWith(ids: string[]): Map<string, string[]> {
  const found = new Map(ids.map((id) => [`${id.replaceAll('-', '')}01`, [] as string[]]));
  for (const name of readdirSync(outbox).filter((file) => !file.startsWith('.'))) {
    const xml = readFileSync(join(outbox, name), 'utf8');
    const named = [...xml.matchAll(/<EndToEndId>([^<]+)/g)].filter(([, id]) => found.has(id!));
    if (named.length === 0) continue;
    expect(xml.trimEnd()).toMatch(/<\/Document>$/);
    expect(Number(/<NbOfTxs>(\d+)/.exec(xml)![1])).toBe([...xml.matchAll(/<EndToEndId>/g)].length);
    for (const [, id] of named) found.get(id!)!.push(name);
  }
  return found;
}

/**
 * After a restart: every payment is in exactly one file, everything EMIS is in a file, and another Emit has
 * nothing new.
 */
async function completes({ organisationId, ids }: { organisationId: string; ids: string[] }) {
  victim = await startPayments();
  const { payments } = victim;
  // an Emit of the killed process may still be ending in the database: this one waits for it
  const emitted = await payments.emit({ dateCollecte: DAY, organisationId });
  expect(emitted.nombre).toBe(ids.length);
  expect(readFileSync(join(outbox, emitted.nomFichier)).equals(emitted.contenu)).toBe(true);
  expect(await payments.emit({ dateCollecte: DAY, organisationId })).toEqual(emitted);
  expect([...filesWith(ids).values()]).toEqual(ids.map(() => [emitted.nomFichier]));
  const rows = await stack.sql<{ statut: string; presented: number }>(
    `SELECT p.statut, count(e.id)::int AS presented FROM payments.payments p
     LEFT JOIN payments.presentations e ON e.payment_id = p.id WHERE p.organisation_id = $1 GROUP BY p.id`,
    organisationId,
  );
  expect(rows).toEqual(ids.map(() => ({ statut: 'EMIS', presented: 1 })));
}

/** Right after the kill: exactly the presented payments are EMIS, and exactly these can be in files. */
async function nothingHalf({ organisationId, ids }: { organisationId: string; ids: string[] }) {
  const rows = await stack.sql<{ id: string; statut: string; presented: number }>(
    `SELECT p.id, p.statut, count(e.id)::int AS presented FROM payments.payments p
     LEFT JOIN payments.presentations e ON e.payment_id = p.id WHERE p.organisation_id = $1 GROUP BY p.id`,
    organisationId,
  );
  expect(rows.every(({ statut, presented }) => (statut === 'EMIS') === (presented === 1))).toBe(true);
  expect(new Set(rows.map(({ statut }) => statut)).size).toBe(1);
  const files = [...filesWith(ids).values()];
  if (files.some((names) => names.length > 0)) expect(rows[0]!.statut).toBe('EMIS');
  return { statut: rows[0]!.statut, written: files.every((names) => names.length === 1) };
}

const endToEndIdOf = (id: string) => `${id.replaceAll('-', '')}01`;
/** Makes the writer of that presentation wait. */
const holdPresentation = (held: Holder, id: string) =>
  held.hold(
    `INSERT INTO payments.presentations (id, file_id, payment_id, organisation_id, tentative, mandat_id, montant,
       sequence_type, bloc_id, libelle) VALUES ($1, '', $2, '', 1, '', 0, 'FRST', '', '')`,
    endToEndIdOf(id),
    id,
  );

/** Emits, and kills the process when, after its commit, it waits for a lock of that mode on the files. */
async function killedAtFiles(mode: string, due: Awaited<ReturnType<typeof duePayments>>) {
  const [presentation, files] = await Promise.all([holder(), holder()]);
  const { payments, kill } = victim;
  await holdPresentation(presentation, due.ids.at(-1)!);
  const emitting = payments.emit({ dateCollecte: DAY, organisationId: due.organisationId }).catch(() => {});
  await presentation.blocks();
  const locking = files.hold(`LOCK TABLE payments.bank_files IN ${mode} MODE`);
  await files.waits();
  await presentation.letGo();
  await locking;
  await files.blocks();
  await kill();
  await files.letGo();
  await emitting;
}

test('killed before anything is taken', async () => {
  const due = await duePayments(3);
  const held = await holder();
  const { payments, kill } = victim;
  await held.hold('SELECT 1 FROM payments.payments WHERE id = $1 FOR UPDATE', due.ids[1]);
  const emitting = payments.emit({ dateCollecte: DAY, organisationId: due.organisationId }).catch(() => {});
  await held.blocks();
  await kill();
  await held.letGo();
  await emitting;
  expect(await nothingHalf(due)).toEqual({ statut: 'PLANIFIE', written: false });
  await completes(due);
}, 120_000);

test('killed when payments are marked, and nothing is presented yet', async () => {
  const due = await duePayments(3);
  const held = await holder();
  const { payments, kill } = victim;
  await holdPresentation(held, due.ids.at(-1)!);
  const emitting = payments.emit({ dateCollecte: DAY, organisationId: due.organisationId }).catch(() => {});
  await held.blocks();
  await kill();
  await held.letGo();
  await emitting;
  expect(await nothingHalf(due)).toEqual({ statut: 'PLANIFIE', written: false });
  await completes(due);
}, 120_000);

test('killed between two batches: what was presented stays in its file, which the next Emit goes on with', async () => {
  const due = await duePayments(BATCH + 2);
  const ids = due.ids.toSorted();
  const held = await holder();
  const { payments, kill } = victim;
  // the second batch waits
  await held.hold('SELECT 1 FROM payments.payments WHERE id = $1 FOR UPDATE', ids.at(-1));
  const emitting = payments.emit({ dateCollecte: DAY, organisationId: due.organisationId }).catch(() => {});
  await held.blocks();
  await kill();
  await held.letGo();
  await emitting;
  const presented = await stack.sql<{ statut: string; count: number }>(
    `SELECT statut, count(*)::int AS count FROM payments.payments WHERE organisation_id = $1
     GROUP BY statut ORDER BY statut`,
    due.organisationId,
  );
  expect(presented).toEqual([
    { statut: 'EMIS', count: BATCH },
    { statut: 'PLANIFIE', count: 2 },
  ]);
  // none of them is in a file that the bank could take
  expect([...filesWith(ids).values()].every((names) => names.length === 0)).toBe(true);
  await completes(due);
}, 180_000);

test.each([
  ['recorded, and not written', 'ACCESS EXCLUSIVE', false],
  ['written, and not recorded as written', 'SHARE', true],
] as const)(
  'killed when the file is %s',
  async (_, lock, written) => {
    const due = await duePayments(3);
    await killedAtFiles(lock, due);
    expect(await nothingHalf(due)).toEqual({ statut: 'EMIS', written });
    await completes(due);
  },
  120_000,
);

test('killed at any time', async () => {
  for (let round = 0; round < RANDOM_ROUNDS; round += 1) {
    const due = await duePayments(3 * BATCH);
    const { payments, kill } = victim;
    const emitting = payments.emit({ dateCollecte: DAY, organisationId: due.organisationId }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 800));
    await kill();
    await emitting;
    await completes(due);
  }
}, 240_000);

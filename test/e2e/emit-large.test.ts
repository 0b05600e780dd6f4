import { PORTS } from '@crm/kit';
import { MandateServiceService } from '@crm/proto/payments/payments';
import { reservePortOffset } from '../support/reserve-port-offset.ts';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { faultsOfPain008 } from '../support/check-pain008.ts';
import { startPaymentsAlone, type PaymentsAlone } from '../support/payments-alone.ts';
import { sharedStack } from '../support/stack.ts';
import { unique } from '../support/unique.ts';

/** `EMIT_PAYMENTS=33000`: a month of a large organisation. Most payments have their own mandate. */
const COUNT = Number(process.env.EMIT_PAYMENTS ?? 6_000);
const DAY = '2026-03-09';
/** What the process may grow by, MiB, beside its files: 33,000 debits are a file of 19 MiB. */
const GROWTH_MIB = 150 + COUNT / 200;
const stack = sharedStack();
const mandates = stack.client('payments', MandateServiceService);
let release: () => Promise<void>;
let alone: PaymentsAlone;

beforeAll(async () => {
  const ports = await reservePortOffset(Object.values(PORTS));
  release = () => ports.release();
  // with all of the machine's memory Node collects garbage late; a container has 384 MB
  alone = await startPaymentsAlone(stack, ports.offset, { NODE_OPTIONS: '--max-old-space-size=256' });
}, 120_000);
afterAll(async () => {
  await alone?.kill();
  await release?.();
  await stack.close();
});

/** Payments that are due, of which one in a hundred is by a British account without an address. */
async function due() {
  const organisationId = unique('org');
  const account = { titulaire: 'Test User', dateSignature: '2026-01-15', organisationId };
  const { id: french } = await mandates.create({
    ...{ ...account, clientId: unique('client'), iban: 'FR1420041010050500013M02606' },
  });
  const { id: british } = await mandates.create({
    ...{ ...account, clientId: unique('client'), iban: 'GB29NWBK60161331926819' },
  });
  await stack.sql(
    `INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
       montant, statut, date_prevue, updated_at)
     SELECT gen_random_uuid()::text, $1, 'client-' || n, '', '', '', CASE WHEN n % 100 = 0 THEN $3 ELSE $2 END,
       1234, 'PLANIFIE', $4, now()
     FROM generate_series(1, $5::int) n`,
    ...[organisationId, french, british, DAY, COUNT],
  );
  return organisationId;
}

/** Resident memory of the process at most, MiB; nothing where there is no /proc. */
const most = () =>
  process.platform === 'linux'
    ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${alone.pid}/status`, 'utf8'))![1]) / 1024
    : 0;

test(`${COUNT} payments are in one file, in bounded memory; the answer stays small and says who is not in it`, async () => {
  const organisationId = await due();
  const [before, since] = [most(), performance.now()];
  const asked = { dateCollecte: DAY, organisationId };
  const slowly = { deadlineMs: 240_000 };
  const dry = await alone.payments.emit({ ...asked, dryRun: true }, slowly);
  const emitted = await alone.payments.emit({ ...asked, empreinte: dry.empreinte }, slowly);
  expect([dry.nombre, dry.total, dry.blocs]).toEqual([emitted.nombre, emitted.total, emitted.blocs]);
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  const left = Math.floor(COUNT / 100);
  expect(emitted).toMatchObject({
    nombre: COUNT - left,
    total: BigInt(COUNT - left) * 1234n,
    ecartesParMotif: [{ motif: 'ADRESSE_DEBITEUR', nombre: left }],
  });
  expect(emitted.ecartes).toHaveLength(Math.min(left, 1_000));
  const file = readFileSync(join(stack.env.BANK_DIR!, 'outbox', emitted.nomFichier));
  // more than 3 MiB is in the folder only
  expect(emitted.contenu).toHaveLength(0);
  expect([Number(emitted.taille), emitted.sha256]).toEqual([
    file.length,
    createHash('sha256').update(file).digest('hex'),
  ]);
  expect(file.toString().match(/<EndToEndId>/g)).toHaveLength(COUNT - left);
  expect(await faultsOfPain008(file)).toBe('');
  process.stderr.write(
    `Emit, ${COUNT} payments, ${(file.length / 1024 / 1024).toFixed(1)} MiB: ${seconds} s, ` +
      `resident memory ${before.toFixed(0)} to ${most().toFixed(0)} MiB at most\n`,
  );
  expect(most() - before).toBeLessThan(GROWTH_MIB);
}, 300_000);

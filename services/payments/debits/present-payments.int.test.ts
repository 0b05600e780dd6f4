import { openDb } from '@crm/db';
import { MotifEcart } from '@crm/proto/payments/payments';
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import { duePayments } from './due-payments.ts';
import { parseSecretKeys, secretCipher } from '@crm/kit/secrets';
import { BATCH, closeAbandoned, openFile, presentPayments, type Run } from './present-payments.ts';

const db = openDb(process.env.DATABASE_URL!, 3);
const IBAN = 'FR1420041010050500013M02606';
const cipher = secretCipher(parseSecretKeys(`k:${randomBytes(32).toString('base64')}`), 'IBAN_KEYS');
const DAY = '2026-03-09';
const COUNT = 2 * BATCH + 1;
const organisations: string[] = [];

afterAll(async () => {
  const where = { organisationId: { in: organisations } };
  await db.presentation.deleteMany({ where });
  await db.payment.deleteMany({ where });
  await db.mandate.deleteMany({ where });
  await db.bankFile.deleteMany({ where: { pourOrganisationId: { in: organisations } } });
  await db.$disconnect();
});

/** Creates so many due payments, each with a mandate of its own. */
async function dueRun(count: number) {
  const organisationId = v7();
  organisations.push(organisationId);
  const mandates = Array.from({ length: count }, (_, n) => {
    const id = v7();
    const account = { ibanChiffre: cipher.encrypt(IBAN, id), ibanMasque: 'FR14 **** 606', bic: '' };
    const client = { organisationId, clientId: `c-${n}`, titulaire: 'Test', rum: `R-${n}` };
    const signed = { dateSignature: '2026-01-15', statut: 'ACTIF', prenotificationJours: 14 };
    return { id, ...account, ...client, ...signed };
  });
  await db.mandate.createMany({ data: mandates });
  await db.$executeRaw`
    INSERT INTO payments.payments (id, organisation_id, client_id, schedule_id, contrat_id, invoice_id, mandat_id,
      montant, statut, date_prevue, updated_at)
    SELECT gen_random_uuid()::text, organisation_id, client_id, '', '', '', id, 100, 'PLANIFIE', ${DAY}, now()
    FROM payments.mandates WHERE organisation_id = ${organisationId}`;
  const creditor = { name: 'Suivi', iban: 'FR7630006000011234567890189', bic: '', id: 'FR72ZZZ123456' };
  const byOrganisation = new Map([[organisationId, creditor]]);
  const due = { dateCollecte: DAY, organisationId };
  const run: Run = {
    due,
    creditors: { onBehalf: 'Suivi', byOrganisation, withSociete: new Set() },
    collection: {
      ...{ dateCollecte: DAY, auteur: 'alice', dispense: undefined },
      ...{ contracts: new Map(), invoices: new Map(), creditors: byOrganisation, cipher },
    },
  };
  const ids = (await duePayments(db, due)).map(({ id }) => id);
  return {
    ...{ organisationId, ids },
    open: () => db.$transaction((tx) => openFile(tx, run)),
    present: (nomFichier: string, some = ids) => presentPayments(db, run, some, nomFichier),
    file: (nomFichier: string) => db.bankFile.findUnique({ where: { nomFichier } }),
    presented: () =>
      db.presentation.groupBy({ by: ['fileId', 'sequenceType'], where: { organisationId }, _count: true }),
  };
}

test('payments are presented in one file, a batch after the other', async () => {
  const { ids, open, present, file, presented, organisationId } = await dueRun(COUNT);
  expect(ids).toHaveLength(COUNT);
  const { nomFichier } = await present(await open());
  const { id, ...closed } = (await file(nomFichier))!;
  expect(closed).toMatchObject({ ouvert: false, nombre: COUNT, total: BigInt(COUNT) * 100n });
  expect(await presented()).toEqual([{ fileId: id, sequenceType: 'FRST', _count: COUNT }]);
  expect(await db.payment.count({ where: { organisationId, statut: 'EMIS' } })).toBe(COUNT);
}, 60_000);

test('a file that was left open is gone on with; one that was closed meanwhile is followed by another', async () => {
  const { ids, open, present, file, presented, organisationId } = await dueRun(4);
  const first = await open();
  await present(first, ids.slice(0, 1));
  await db.bankFile.update({ where: { nomFichier: first }, data: { ouvert: true } });
  expect(await open()).toBe(first);
  await present(first, ids.slice(0, 2));
  expect(await file(first)).toMatchObject({ ouvert: false, nombre: 2 });
  const { nomFichier } = await present(first, ids);
  expect(nomFichier).not.toBe(first);
  expect(await file(nomFichier)).toMatchObject({ ouvert: false, nombre: 2 });
  expect((await presented()).map(({ _count }) => _count)).toEqual([2, 2]);
  // nothing is left, so there is no file
  const none = await present(await open());
  expect(await file(none.nomFichier)).toBeNull();
  expect(await db.bankFile.count({ where: { pourOrganisationId: organisationId } })).toBe(2);
}, 60_000);

test('two runs at once present each payment once, and leave no file open', async () => {
  const { open, present, presented, organisationId } = await dueRun(COUNT);
  const first = await open();
  await Promise.all([present(first), present(first)]);
  const files = await db.bankFile.findMany({ where: { pourOrganisationId: organisationId } });
  expect(files.map(({ ouvert }) => ouvert)).not.toContain(true);
  const counts = await presented();
  expect(counts.reduce((sum, { _count }) => sum + _count, 0)).toBe(COUNT);
  for (const { id, nombre } of files) {
    expect(counts.filter(({ fileId }) => fileId === id).map(({ _count }) => _count)).toEqual([nombre]);
  }
}, 60_000);

test('a file that nobody has filled for a minute is closed with what is in it; one that is being filled is not', async () => {
  const [dead, alive] = [await dueRun(2), await dueRun(1)];
  const [left, filling] = [await dead.open(), await alive.open()];
  await dead.present(left, dead.ids.slice(0, 1));
  const data = { ouvert: true, nombre: 0, updatedAt: new Date(Date.now() - 61_000) };
  await db.bankFile.update({ where: { nomFichier: left }, data });
  await closeAbandoned(db);
  expect(await dead.file(left)).toMatchObject({ ouvert: false, nombre: 1, total: 100n });
  expect(await alive.file(filling)).toMatchObject({ ouvert: true });
}, 60_000);

test('a mandate that is being revoked is waited for, and nothing is debited by it', async () => {
  const { ids, open, present, organisationId } = await dueRun(1);
  const nomFichier = await open();
  let presenting: ReturnType<typeof present> | undefined;
  await db.$transaction(async (tx) => {
    await tx.mandate.updateMany({ where: { organisationId }, data: { statut: 'REVOQUE' } });
    presenting = present(nomFichier);
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await db.presentation.count({ where: { organisationId } })).toBe(0);
  });
  const { leftOut } = await presenting!;
  expect(leftOut).toMatchObject([{ paymentId: ids[0], motif: MotifEcart.MANDAT_REVOQUE }]);
  expect(await db.payment.count({ where: { organisationId, statut: 'PLANIFIE' } })).toBe(1);
}, 60_000);

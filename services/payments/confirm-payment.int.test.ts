import { openDb } from '@crm/db';
import { StatutPaiement, type Payment } from '@crm/proto/payments/payments';
import { v7 } from 'uuid';
import { collect, confirmPayment } from './confirm-payment.ts';
import { rejectPayment } from './reject-payment.ts';
import { replanifierPayment } from './replanifier-payment.ts';

/** What only a bank report may do, and no person. */
const db = openDb(process.env.DATABASE_URL!, 3);
afterAll(() => db.$disconnect());

const confirm = (id: string, tentative?: number) =>
  db.$transaction((tx) =>
    confirmPayment(tx, { id, dateReception: new Date(), ...(tentative && { tentative }) }),
  );
const reject = (id: string, tentative: number, retourBancaire = false) =>
  db.$transaction((tx) =>
    rejectPayment(tx, { id, motifRejet: 'AM04', dateRejet: new Date(), retourBancaire, tentative }),
  );
const replan = (id: string, tentative: number) =>
  db.$transaction((tx) => replanifierPayment(tx, { id, tentative, datePrevue: '2026-03-16', mandatId: '' }));
const present = (id: string) => db.payment.update({ where: { id }, data: { statut: StatutPaiement.EMIS } });
const events = async (id: string) =>
  (await db.outbox.findMany({ orderBy: { createdAt: 'asc' } }))
    .filter(({ payload }) => Buffer.from(payload).includes(id))
    .map(({ eventType }) => eventType);

async function payment(): Promise<string> {
  const id = v7();
  const nobody = { clientId: 'c', scheduleId: '', contratId: '', invoiceId: '', mandatId: '' };
  const data = { id, organisationId: 'o', ...nobody, montant: 100n, datePrevue: '2026-03-09' };
  await db.payment.create({ data: { ...data, statut: StatutPaiement.EMIS } });
  return id;
}
const standing = ({ statut, tentative }: Payment) => [statut, tentative];

test('a rejected attempt is collected after all when the bank says so of it', async () => {
  const id = await payment();
  await reject(id, 1);
  await expect(confirm(id)).rejects.toThrow('a bank’s report');
  const collected = await confirm(id, 1);
  expect(collected).toMatchObject({ statut: 'ENCAISSE', motifRejet: '', dateRejet: undefined });
  expect(await events(id)).toEqual(['payment.rejected', 'payment.received']);
});

test('an old report does not undo a rejection that is newer', async () => {
  const id = await payment();
  const dateReception = new Date(Date.now() - 1000);
  await reject(id, 1);
  await expect(
    db.$transaction((tx) => confirmPayment(tx, { id, dateReception, tentative: 1 })),
  ).rejects.toThrow('rejected after');
  expect(await events(id)).toEqual(['payment.rejected']);
});

test('an old report does not drop the next attempt, nor does one without a date', async () => {
  const id = await payment();
  const old = new Date(Date.now() - 1000);
  await reject(id, 1);
  await replan(id, 2);
  await expect(
    db.$transaction((tx) => confirmPayment(tx, { id, dateReception: old, tentative: 1 })),
  ).rejects.toThrow('rejected after');
  const row = await db.payment.findUniqueOrThrow({ where: { id } });
  expect(() => collect(row, { tentative: 1, dateReception: undefined })).toThrow('no date');
  const [rejectedAt, dateReception] = [new Date(old.getTime() - 1000), old];
  expect(collect(row, { tentative: 1, dateReception, rejectedAt })).toMatchObject({ statut: 'ENCAISSE' });
  expect(standing(await db.$transaction((tx) => confirmPayment(tx, { id, dateReception: old })))).toEqual([
    'ENCAISSE',
    2,
  ]);
});

test('the next attempt is dropped where it was only planned, and the bank may still return the first', async () => {
  const id = await payment();
  await reject(id, 1);
  await replan(id, 2);
  expect(standing(await confirm(id, 1))).toEqual(['ENCAISSE', 1]);
  expect(standing(await reject(id, 1, true))).toEqual(['REJETE', 1]);
  expect(await events(id)).toEqual(['payment.rejected', 'payment.received', 'payment.rejected']);
});

test('once the next attempt was presented, nobody collects the one before: a person decides', async () => {
  const id = await payment();
  await reject(id, 1);
  await replan(id, 2);
  await present(id);
  await expect(confirm(id, 1)).rejects.toThrow('attempt 1');
  await confirm(id, 2);
  await expect(confirm(id, 1)).rejects.toThrow('attempt 1');
  await expect(confirm(id, 3)).rejects.toThrow('attempt 3');
});

test('a late rejection of an earlier attempt leaves the one at hand alone', async () => {
  const id = await payment();
  await reject(id, 1);
  await replan(id, 2);
  expect(standing(await reject(id, 1))).toEqual(['PLANIFIE', 2]);
  await present(id);
  await confirm(id, 2);
  expect(standing(await reject(id, 1, true))).toEqual(['ENCAISSE', 2]);
  await expect(reject(id, 3)).rejects.toThrow('attempt 3');
  expect(await events(id)).toEqual(['payment.rejected', 'payment.received']);
});

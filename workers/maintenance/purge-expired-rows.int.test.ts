import { openDb, type Db } from '@crm/db';
import { randomUUID } from 'node:crypto';
import { purgeActivities } from './purge-expired-rows.ts';

const DAY_MS = 24 * 3600 * 1000;
let db: Db;
beforeAll(() => void (db = openDb(process.env.DATABASE_URL!, 2)));
afterAll(() => db.$disconnect());

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

test('what is older than 33 days goes, what is younger or unpublished stays', async () => {
  const [old, young, unpublished] = [randomUUID(), randomUUID(), randomUUID()];
  const processed = (eventId: string, processedAt: Date) => ({
    eventId,
    handler: 'x',
    eventType: 'x',
    processedAt,
  });
  await db.processedEvent.createMany({ data: [processed(old, daysAgo(34)), processed(young, daysAgo(32))] });
  const payload = Buffer.alloc(0);
  const outbox = (eventId: string, createdAt: Date, publishedAt: Date | null) => ({
    eventId,
    eventType: 'x',
    payload,
    createdAt,
    publishedAt,
  });
  await db.outbox.createMany({
    data: [outbox(old, daysAgo(34), daysAgo(34)), outbox(young, daysAgo(32), daysAgo(32))],
  });
  const key = (name: string, createdAt: Date) => ({
    caller: 'c',
    method: 'm',
    key: name,
    request: payload,
    createdAt,
  });
  await db.idempotencyKey.createMany({ data: [key(old, daysAgo(34)), key(young, daysAgo(32))] });

  const letter = (id: string, redrivenAt: Date | null) => ({
    ...{ id, subject: id, streamSequence: 1n, streamedAt: daysAgo(40), payload, headers: {}, reason: 'x' },
    ...{ createdAt: daysAgo(40), redrivenAt },
  });
  await db.deadLetter.createMany({
    data: [letter(old, daysAgo(34)), letter(young, daysAgo(32)), letter(unpublished, null)],
  });

  const purged = await purgeActivities(db).purgeExpiredRows();

  expect(Object.values(purged).every((count) => count >= 1)).toBe(true);
  const left = { where: { eventId: { in: [old, young, unpublished] } } };
  expect((await db.processedEvent.findMany(left)).map((row) => row.eventId)).toEqual([young]);
  expect((await db.outbox.findMany(left)).map((row) => row.eventId)).toEqual([young]);
  const keys = await db.idempotencyKey.findMany({
    where: { caller: 'c', method: 'm', key: { in: [old, young] } },
  });
  expect(keys.map((row) => row.key)).toEqual([young]);
  const letters = { where: { id: { in: [old, young, unpublished] } } };
  expect((await db.deadLetter.findMany(letters)).map(({ id }) => id).sort()).toEqual(
    [young, unpublished].sort(),
  );
  await db.outbox.deleteMany(left);
  await db.deadLetter.deleteMany(letters);
});

test('an event that was never published is never purged', async () => {
  const eventId = randomUUID();
  // a type without a subject of its own: whatever the relay makes of it, the row is there
  await db.$transaction(async (tx) => {
    await tx.outbox.create({
      data: { eventId, eventType: 'x', payload: Buffer.alloc(0), createdAt: daysAgo(400), publishedAt: null },
    });
    await purgeActivities(tx as Db).purgeExpiredRows();
    expect(await tx.outbox.count({ where: { eventId } })).toBe(1);
    await tx.outbox.delete({ where: { eventId } });
  });
});

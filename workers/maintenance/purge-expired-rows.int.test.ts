import { openDb, type Db } from '@crm/db';
import { randomUUID } from 'node:crypto';
import { purgeActivities } from './purge-expired-rows.ts';

const DAY_MS = 24 * 3600 * 1000;
let db: Db;
beforeAll(() => void (db = openDb(process.env.DATABASE_URL!, 2)));
afterAll(() => db.$disconnect());

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

/** Rows of every table, many of them old: which are left, and how to remove them. */
async function rows() {
  const run = randomUUID();
  const [old, older, young, unpublished] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  const ages: [string, number][] = [
    [old, 34],
    [older, 400],
    [young, 32],
  ];
  const payload = Buffer.alloc(0);
  await db.processedEvent.createMany({
    data: ages.map(([eventId, days]) => {
      return { eventId, handler: run, eventType: 'x', processedAt: daysAgo(days) };
    }),
  });
  await db.outbox.createMany({
    data: ages.map(([eventId, days]) => {
      return { eventId, eventType: 'x', payload, createdAt: daysAgo(days), publishedAt: daysAgo(days) };
    }),
  });
  await db.idempotencyKey.createMany({
    data: ages.map(([key, days]) => {
      return { caller: run, method: 'm', key, request: payload, createdAt: daysAgo(days) };
    }),
  });
  const letter = (id: string, redrivenAt: Date | null) => ({
    ...{ id, subject: id, streamSequence: 1n, streamedAt: daysAgo(500), payload, headers: {}, reason: 'x' },
    ...{ createdAt: daysAgo(500), redrivenAt },
  });
  await db.deadLetter.createMany({
    data: [...ages.map(([id, days]) => letter(id, daysAgo(days))), letter(unpublished, null)],
  });
  const ids = [old, older, young, unpublished];
  const processed = { where: { handler: run } };
  const published = { where: { eventId: { in: ids } } };
  const letters = { where: { id: { in: ids } } };
  return {
    ...{ run, old, older, young, unpublished },
    left: async () => ({
      processed: (await db.processedEvent.findMany(processed)).map(({ eventId }) => eventId).sort(),
      outbox: (await db.outbox.findMany(published)).map(({ eventId }) => eventId).sort(),
      keys: (await db.idempotencyKey.findMany({ where: { caller: run } })).map(({ key }) => key).sort(),
      letters: (await db.deadLetter.findMany(letters)).map(({ id }) => id).sort(),
    }),
    async clear() {
      await db.processedEvent.deleteMany(processed);
      await db.outbox.deleteMany(published);
      await db.idempotencyKey.deleteMany({ where: { caller: run } });
      await db.deadLetter.deleteMany(letters);
    },
  };
}

test('what is older than 33 days goes, what is younger or was never redriven stays', async () => {
  const { young, unpublished, left, clear } = await rows();
  const purged = await purgeActivities(db).purgeExpiredRows();
  expect(Object.values(purged).every((count) => count >= 2)).toBe(true);
  expect(await left()).toEqual({
    ...{ processed: [young], outbox: [young], keys: [young] },
    letters: [unpublished, young].sort(),
  });
  await clear();
});

test('more than one statement deletes go all the same', async () => {
  const { run, left, young, clear } = await rows();
  const many = 5_003;
  await db.$executeRaw`
    INSERT INTO events.processed_events (event_id, handler, event_type, processed_at)
    SELECT gen_random_uuid(), ${run}, 'x', now() - interval '34 days' FROM generate_series(1, ${many}::int)`;
  const { processed_events: deleted } = await purgeActivities(db).purgeExpiredRows();
  expect(deleted).toBeGreaterThanOrEqual(many + 2);
  expect((await left()).processed).toEqual([young]);
  await clear();
});

test('a table that fails holds up none that comes after; the run says so, and the next one finds what is left', async () => {
  const { run, old, older, young, unpublished, left, clear } = await rows();
  await db.$executeRawUnsafe(`CREATE FUNCTION events.stick() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN IF OLD.handler = '${run}' THEN RAISE EXCEPTION 'stuck'; END IF; RETURN OLD; END $$`);
  await db.$executeRawUnsafe(`CREATE TRIGGER stick BEFORE DELETE ON events.processed_events
    FOR EACH ROW EXECUTE FUNCTION events.stick()`);
  try {
    await expect(purgeActivities(db).purgeExpiredRows()).rejects.toMatchObject({
      nonRetryable: false,
      message: expect.stringMatching(/^processed_events: [^]*stuck/) as string,
    });
    expect(await left()).toEqual({
      processed: [old, older, young].sort(),
      ...{ outbox: [young], keys: [young] },
      letters: [unpublished, young].sort(),
    });
  } finally {
    await db.$executeRawUnsafe('DROP FUNCTION events.stick() CASCADE');
  }
  await purgeActivities(db).purgeExpiredRows();
  expect((await left()).processed).toEqual([young]);
  await clear();
});

test('an event that was never published is never purged', async () => {
  const eventId = randomUUID();
  // an event type without a subject: the relay never publishes it, so the row stays
  await db.$transaction(async (tx) => {
    await tx.outbox.create({
      data: { eventId, eventType: 'x', payload: Buffer.alloc(0), createdAt: daysAgo(400), publishedAt: null },
    });
    await purgeActivities(tx as Db).purgeExpiredRows();
    expect(await tx.outbox.count({ where: { eventId } })).toBe(1);
    await tx.outbox.delete({ where: { eventId } });
  });
});

import { openDb, type Db } from '@crm/db';
import type { Message } from '@crm/nats';
import { randomUUID } from 'node:crypto';
import { headers } from '@crm/nats';
import { keepDeadLetter } from './dead-letter.ts';

let db: Db;
beforeAll(() => void (db = openDb(process.env.DATABASE_URL!, 2)));
afterAll(() => db.$disconnect());

/** The parts of a message that the bridge reads. */
function message(subject: string, at: number): Message {
  const carried = headers();
  carried.set('X-Odd', 'a\0b');
  const info = { timestampNanos: at * 1e6 };
  return {
    subject,
    seq: 9_000_000_000,
    data: Buffer.from([0, 255]),
    headers: carried,
    info,
  } as unknown as Message;
}

test('a message is kept whatever its subject, headers and reason hold, and once', async () => {
  const subject = `crm.events.${randomUUID()}`;
  const odd = message(`${subject}\0`, Date.now());
  await keepDeadLetter(db, odd, 'no \0 please');
  await keepDeadLetter(db, odd, 'no \0 please');
  const kept = await db.deadLetter.findMany({ where: { subject: { startsWith: subject } } });
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({
    subject: `${subject}\\0`,
    reason: 'no \\0 please',
    headers: { 'X-Odd': ['a\\0b'] },
  });
  expect(Buffer.from(kept[0]!.payload)).toEqual(Buffer.from([0, 255]));
});

test('the same sequence of a stream made anew is another message', async () => {
  const subject = `crm.events.${randomUUID()}`;
  const now = Date.now();
  await keepDeadLetter(db, message(subject, now - 1000), 'first');
  await keepDeadLetter(db, message(subject, now), 'second');
  const reasons = await db.deadLetter.findMany({ where: { subject }, orderBy: { createdAt: 'asc' } });
  expect(reasons.map(({ reason }) => reason)).toEqual(['first', 'second']);
});

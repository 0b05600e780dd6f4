import type { Db } from '@crm/db';
import type { Message } from '@crm/nats';
import { v7 } from 'uuid';

/** Stores a message that cannot become a workflow, with the reason. The same message twice is one row. */
export async function keepDeadLetter(db: Db, message: Message, reason: string): Promise<void> {
  const headers: Record<string, string[]> = {};
  for (const name of message.headers?.keys() ?? []) {
    headers[printable(name)] = message.headers!.values(name).map(printable);
  }
  await db.deadLetter.createMany({
    data: [
      {
        id: v7(),
        subject: printable(message.subject),
        streamSequence: BigInt(message.seq),
        // a stream that was lost and created again counts from 1, so the sequence alone does not identify a
        // message
        streamedAt: new Date(message.info.timestampNanos / 1e6),
        payload: Buffer.from(message.data),
        headers,
        reason: printable(reason),
      },
    ],
    skipDuplicates: true,
  });
}

/** PostgreSQL's text and JSON accept every character but NUL. */
const printable = (text: string): string => text.replaceAll('\0', '\\0');

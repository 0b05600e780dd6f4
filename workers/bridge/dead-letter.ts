import type { Db } from '@crm/db';
import type { Message } from '@crm/nats';
import { v7 } from 'uuid';

/** Keeps a message that cannot become a workflow, with the reason; the same message twice is one row. */
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
        // a stream that was lost and made anew counts from 1 again: the sequence alone names no message
        streamedAt: new Date(message.info.timestampNanos / 1e6),
        payload: Buffer.from(message.data),
        headers,
        reason: printable(reason),
      },
    ],
    skipDuplicates: true,
  });
}

/** PostgreSQL's text and JSON hold every character but NUL. */
const printable = (text: string): string => text.replaceAll('\0', '\\0');

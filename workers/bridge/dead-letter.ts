import type { Db } from '@crm/db';
import type { Message } from '@crm/nats';
import { v7 } from 'uuid';

/** Keeps a message that cannot become a workflow, with the reason; the same message twice is one row. */
export async function keepDeadLetter(db: Db, message: Message, reason: string): Promise<void> {
  const headers: Record<string, string[]> = {};
  for (const name of message.headers?.keys() ?? []) headers[name] = message.headers!.values(name);
  await db.deadLetter.createMany({
    data: [
      {
        id: v7(),
        subject: message.subject,
        streamSequence: BigInt(message.seq),
        payload: Buffer.from(message.data),
        headers,
        reason,
      },
    ],
    skipDuplicates: true,
  });
}

import type { Db } from '@crm/db';
import { EVENT_EXPIRES_AFTER_MS, EXPIRES_DAYS } from '@crm/workflows/retention';
import { publish } from '@crm/nats';
import { Command } from 'commander';
import { randomUUID } from 'node:crypto';
import { PlainError } from '../plain-error.ts';
import { withDb, withNats } from './connections.ts';
import { counted } from './words.ts';

/** Lists and redrives messages that could not become a workflow. */
export const deadLetters = new Command('dead-letters').description(
  'messages that could not become a workflow',
);

deadLetters
  .command('list')
  .description('those not redriven yet, oldest first')
  .option('--all', 'the redriven ones too')
  .action(({ all }: { all?: boolean }) =>
    withDb(async (db) => {
      const rows = await db.deadLetter.findMany({
        where: all ? {} : { redrivenAt: null },
        orderBy: { createdAt: 'asc' },
        omit: { payload: true },
      });
      for (const { id, createdAt, subject, reason, redrivenAt } of rows) {
        const state = redrivenAt ? `redriven ${redrivenAt.toISOString()}` : 'waiting';
        console.log([id, createdAt.toISOString(), subject, state, reason].join('  '));
      }
      console.log(counted(rows.length, 'dead letter'));
    }),
  );

deadLetters
  .command('show <id>')
  .description('one, with its headers and its bytes in hexadecimal')
  .action((id: string) =>
    withDb(async (db) => {
      const { payload, streamSequence, ...rest } = await find(db, id);
      console.log(JSON.stringify({ ...rest, streamSequence: String(streamSequence) }, null, 2));
      console.log(Buffer.from(payload).toString('hex'));
    }),
  );

deadLetters
  .command('redrive <id...>')
  .description('publishes them again, once what was wrong with them has been mended')
  .action((ids: string[]) =>
    withDb((db) =>
      withNats(async (nats) => {
        for (const id of ids) {
          const { subject, payload, createdAt } = await find(db, id);
          if (Date.now() - createdAt.getTime() > EVENT_EXPIRES_AFTER_MS) {
            throw new PlainError(
              `event_expired: ${id} is older than ${EXPIRES_DAYS} days, its guards against repetition are gone.`,
            );
          }
          // a new id: the stream would drop the old one as a duplicate
          const { sequence } = await publish(nats, subject, `redrive-${randomUUID()}`, payload);
          await db.deadLetter.update({ where: { id }, data: { redrivenAt: new Date() } });
          console.log(`${id}: published again as message ${sequence}`);
        }
      }),
    ),
  );

async function find(db: Db, id: string) {
  const uuid = /^[0-9a-f-]{36}$/.test(id);
  const row = uuid ? await db.deadLetter.findUnique({ where: { id } }) : null;
  if (!row) throw new PlainError(`There is no dead letter ${id}. See: npm run -s ops -- dead-letters list`);
  return row;
}

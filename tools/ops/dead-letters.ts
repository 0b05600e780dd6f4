import type { Db } from '@crm/db';
import { publishAgain, WAITING } from '@crm/ops/dead-letters';
import { Command } from 'commander';
import { PlainError } from '../plain-error.ts';
import { withDb, withNats } from './connections.ts';
import { counted } from './words.ts';

/** Lists and redrives messages that could not become a workflow. */
export const deadLetters = new Command('dead-letters').description(
  'messages that could not become a workflow',
);

deadLetters
  .command('list')
  .description('those that wait for a decision, oldest first')
  .option('--all', 'the redriven and discarded ones too')
  .action(({ all }: { all?: boolean }) =>
    withDb(async (db) => {
      const rows = await db.deadLetter.findMany({
        where: all ? {} : WAITING,
        orderBy: { createdAt: 'asc' },
        omit: { payload: true },
      });
      for (const { id, createdAt, subject, reason, redrivenAt, discardedAt } of rows) {
        const state = redrivenAt
          ? `redriven ${redrivenAt.toISOString()}`
          : discardedAt
            ? `discarded ${discardedAt.toISOString()}`
            : 'waiting';
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
          const { fait, detail } = await publishAgain(db, () => Promise.resolve(nats), await find(db, id));
          if (!fait) throw new PlainError(`${id}: ${detail}`);
          console.log(`${id}: ${detail}`);
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

import pg from 'pg';
import type { Stack } from './stack.ts';
import { until } from './until.ts';

/** A transaction that holds a lock until it is released. */
export async function holderIn(stack: Stack) {
  const client = new pg.Client({ connectionString: stack.env.DATABASE_URL });
  await client.connect();
  await client.query('BEGIN');
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const { pid } = rows[0]!;
  return {
    hold: (text: string, ...values: unknown[]) => client.query(text, values),
    /** Waits until another session waits for this one, or this one for another. */
    blocks: () =>
      until('somebody to wait', async () => {
        const blocked = `SELECT pid FROM pg_stat_activity WHERE $1 = ANY(pg_blocking_pids(pid))`;
        return (await stack.sql(blocked, pid)).length > 0;
      }),
    waits: () =>
      until('to wait', async () => {
        const waiting = `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND wait_event_type = 'Lock'`;
        return (await stack.sql(waiting, pid)).length > 0;
      }),
    async letGo() {
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}
export type Holder = Awaited<ReturnType<typeof holderIn>>;

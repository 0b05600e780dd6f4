import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

/**
 * Listens on a PostgreSQL channel until the signal aborts, and reconnects without limit. Notifications can be
 * lost while the connection is, so they are only hints, and the caller must also look from time to time.
 * After each reconnection `heard` is called without a payload.
 */
export function listen(
  databaseUrl: string,
  channel: string,
  signal: AbortSignal,
  heard: (payload: string | undefined) => void,
): void {
  void (async () => {
    while (!signal.aborted) {
      const client = new pg.Client({ connectionString: databaseUrl, keepAlive: true });
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve());
        client.on('end', () => resolve());
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      client.on('notification', ({ payload }) => heard(payload));
      try {
        await client.connect();
        await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
        heard(undefined);
        await lost;
      } catch {
        // no connection: the next attempt follows
      }
      await client.end().catch(() => {});
      await delay(500, undefined, { signal }).catch(() => {});
    }
  })();
}

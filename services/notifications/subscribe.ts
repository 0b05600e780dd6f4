import { EventEmitter, on } from 'node:events';
import type { Db } from '@crm/db';
import { listen, type Call } from '@crm/kit';
import type { Notification, SubscribeRequest } from '@crm/proto/notifications/notifications';
import { notificationEntity } from './notifications.ts';

/** A notification of PostgreSQL's can be lost while a connection is: one looks for oneself this often. */
const POLL_MS = 5_000;
const PAGE = 200;

/** What the streams of this process need. */
type Needs = { db: Db; config: { DATABASE_URL: string }; onStop(stop: () => void): void };

/**
 * Streams what a user is told from the moment of the call on, in order and without a gap. One database connection
 * listens for all streams of the process; each stream reads its own rows.
 */
export function subscribe({ db, config, onStop }: Needs) {
  const woken = new EventEmitter().setMaxListeners(0);
  const stopped = new AbortController();
  onStop(() => stopped.abort());
  listen(config.DATABASE_URL, 'notifications', stopped.signal, (user) => woken.emit('woken', user));
  const { toMessage } = notificationEntity(db);
  const after = (utilisateurId: string, id: string) =>
    db.notification.findMany({
      where: { utilisateurId, id: { gt: id } },
      orderBy: { id: 'asc' },
      take: PAGE,
    });

  return async function* (
    { utilisateurId }: SubscribeRequest,
    { signal }: Call,
  ): AsyncIterable<Notification> {
    const ends = AbortSignal.any([signal, stopped.signal]);
    const wakes = on(woken, 'woken', { signal: ends });
    const timer = setInterval(() => woken.emit('woken', utilisateurId), POLL_MS);
    try {
      const newest = await db.notification.findFirst({ where: { utilisateurId }, orderBy: { id: 'desc' } });
      let last = newest?.id ?? '';
      for await (const [user] of wakes as AsyncIterable<[string | undefined]>) {
        if (user !== undefined && user !== utilisateurId) continue;
        for (const row of await after(utilisateurId, last)) {
          yield toMessage(row);
          last = row.id;
        }
      }
    } catch (error) {
      if (!ends.aborted) throw error;
    } finally {
      clearInterval(timer);
    }
  };
}

import { EventEmitter, on } from 'node:events';
import type { Db } from '@crm/db';
import { listen, unavailable, type Call } from '@crm/kit';
import type { Notification, SubscribeRequest } from '@crm/proto/notifications/notifications';
import { notificationEntity } from './notifications.ts';

/** How often a stream reads by itself: PostgreSQL's NOTIFY can be lost while a connection is lost. */
const POLL_MS = 5_000;
const PAGE = 200;
/** A notification that is committed this long after its id was made is still streamed. */
const WINDOW_MS = 30_000;

/** What the streams of a process need. */
type Needs = { db: Db; config: { DATABASE_URL: string }; stopping: AbortSignal };

/**
 * Streams the notifications of a user that are committed after the call, each once, nearly in the order of
 * their ids. An id is made before its transaction commits, so one that commits late comes later. A
 * notification whose transaction takes more than 30 seconds is not streamed, but listed. One database
 * connection listens for all streams of the process; each stream reads its own rows.
 * @throws {RpcError} UNAVAILABLE STOPPING, as soon as the service is asked to end
 */
export function subscribe({ db, config, stopping }: Needs) {
  const woken = new EventEmitter().setMaxListeners(0);
  let wakes = 0;
  const wake = (user?: string) => woken.emit('woken', user, (wakes += 1));
  listen(config.DATABASE_URL, 'notifications', stopping, wake);
  const { toMessage } = notificationEntity(db);

  /** A user's rows with greater ids, page by page. */
  async function* after(utilisateurId: string, id: string) {
    for (let cursor = id, full = true; full;) {
      const rows = await db.notification.findMany({
        where: { utilisateurId, id: { gt: cursor } },
        orderBy: { id: 'asc' },
        take: PAGE,
      });
      yield* rows;
      full = rows.length === PAGE;
      cursor = rows.at(-1)?.id ?? cursor;
    }
  }

  return async function* (
    { utilisateurId }: SubscribeRequest,
    { signal }: Call,
  ): AsyncIterable<Notification> {
    const ends = AbortSignal.any([signal, stopping]);
    const heard = on(woken, 'woken', { signal: ends });
    const timer = setInterval(() => wake(utilisateurId), POLL_MS);
    try {
      let readAt = wakes;
      let window = windowAt(Date.now());
      // the notifications in the window that were streamed, or that existed before the call
      let known = new Set<string>();
      for await (const { id } of after(utilisateurId, window)) known.add(id);

      for await (const [user, number] of heard as AsyncIterable<[string | undefined, number]>) {
        // this wake-up came before the last reading began, so that reading has seen its rows
        if (number <= readAt || (user !== undefined && user !== utilisateurId)) continue;
        readAt = wakes;
        // however long this reading takes, the next window starts before its beginning
        const next = windowAt(Date.now());
        for await (const row of after(utilisateurId, window)) {
          if (known.has(row.id)) continue;
          known.add(row.id);
          yield toMessage(row);
        }
        window = next;
        known = new Set([...known].filter((id) => id > window));
      }
    } catch (error) {
      if (!ends.aborted) throw error;
      if (!signal.aborted) throw unavailable('STOPPING', 'the service is stopping: subscribe again');
    } finally {
      clearInterval(timer);
    }
  };
}

/**
 * An id below every id since the window's beginning: the first 48 bits of a UUIDv7 are milliseconds (RFC
 * 9562, 5.7).
 */
function windowAt(now: number): string {
  const milliseconds = (now - WINDOW_MS).toString(16).padStart(12, '0');
  return `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7000-8000-000000000000`;
}

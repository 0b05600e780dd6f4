import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { listen, RpcError, unavailable, type Call } from '@crm/kit';
import type { ChangementAgenda, WatchAgendaRequest } from '@crm/proto/relance/agenda';
import { status } from '@grpc/grpc-js';

/** At most so often is a viewer told, however much changes. */
const AT_MOST_EVERY_MS = 1_000;
/** The most viewers of a process. */
const MOST_VIEWERS = 2_000;
/** PostgreSQL's channel: the triggers of what an agenda shows tell the organisation. */
const CHANNEL = 'agenda';

/** What the streams of a process need. */
type Needs = { config: { DATABASE_URL: string }; stopping: AbortSignal };

/**
 * Tells viewers that something of an agenda has changed. One database connection listens for all streams of the process,
 * and none of them reads: a viewer that is slow, or away, is told once of whatever has happened since.
 * @throws {RpcError} UNAVAILABLE STOPPING, as soon as the service is asked to end; RESOURCE_EXHAUSTED: too many watch
 */
export function watchAgenda({ config, stopping }: Needs) {
  const changes = new EventEmitter().setMaxListeners(0);
  // after a lost connection nobody knows what has changed
  listen(config.DATABASE_URL, CHANNEL, stopping, (organisation) => changes.emit('changed', organisation));
  let viewers = 0;

  return async function* (
    { organisationId }: WatchAgendaRequest,
    { signal }: Pick<Call, 'signal'>,
  ): AsyncIterable<ChangementAgenda> {
    if (viewers >= MOST_VIEWERS)
      throw new RpcError(status.RESOURCE_EXHAUSTED, `${MOST_VIEWERS} watch already: try again later`);
    viewers += 1;
    const ends = AbortSignal.any([signal, stopping]);
    let hasChanged = true;
    let wake = () => {};
    const heard = (organisation: string | undefined) => {
      if (organisation !== undefined && organisationId && organisation !== organisationId) return;
      hasChanged = true;
      wake();
    };
    const end = () => wake();
    changes.on('changed', heard);
    ends.addEventListener('abort', end, { once: true });
    try {
      for (let numero = 0; !ends.aborted; numero += 1) {
        if (!hasChanged) await new Promise<void>((resolve) => (wake = resolve));
        if (ends.aborted) break;
        hasChanged = false;
        yield { numero };
        await delay(AT_MOST_EVERY_MS, undefined, { signal: ends }).catch(() => {});
      }
      if (!signal.aborted) throw unavailable('STOPPING', 'the service is stopping: watch again');
    } finally {
      viewers -= 1;
      changes.off('changed', heard);
      ends.removeEventListener('abort', end);
    }
  };
}

import type { Logger } from '@crm/kit';
import { setTimeout as delay } from 'node:timers/promises';

/** The pause between two attempts, in milliseconds. */
const PAUSE_MS = 1_000;

/**
 * Repeats until it succeeds or the signal aborts: a process survives an outage of the servers it needs.
 * @returns undefined if the signal aborted first
 */
export async function forever<T>(
  what: string,
  log: Logger,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T | undefined> {
  while (!signal.aborted) {
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) break;
      log.warn({ reason: (error as Error).message }, `${what}: not yet`);
      await delay(PAUSE_MS, undefined, { signal }).catch(() => {});
    }
  }
  return undefined;
}

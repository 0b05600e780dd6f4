import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits for a condition: asks again until the result is truthy.
 * @throws after `withinMs` (generous, because machines are shared), with the last error or result
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  withinMs = 60_000,
): Promise<T> {
  const giveUpAt = Date.now() + withinMs;
  let last: unknown;
  while (Date.now() < giveUpAt) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await delay(50);
  }
  throw new Error(
    `${what}: not within ${withinMs / 1000} s; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`,
  );
}

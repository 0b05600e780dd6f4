import { setTimeout as delay } from 'node:timers/promises';

/** The latencies of a window, in milliseconds. */
export type Window = { p50: number; p99: number; count: number };

/**
 * Makes calls at a fixed rate, whether or not earlier ones were answered. Latency counts from the instant at
 * which a call was due, so that a slow answer also counts for the calls that it delays.
 * @param ratePerSecond calls per second
 * @param seconds the duration
 */
export async function openLoop(
  ratePerSecond: number,
  seconds: number,
  call: (index: number) => Promise<unknown>,
): Promise<Window> {
  const count = ratePerSecond * seconds;
  const startsAt = performance.now();
  const calls: Promise<number>[] = [];
  for (let index = 0; index < count; index += 1) {
    const dueAt = startsAt + (index * 1000) / ratePerSecond;
    const wait = dueAt - performance.now();
    if (wait > 0) await delay(wait);
    calls.push(call(index).then(() => performance.now() - dueAt));
  }
  const sorted = (await Promise.all(calls)).sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(count - 1, Math.floor(count * share))]!;
  return { p50: at(0.5), p99: at(0.99), count };
}

/** The middle value. */
export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

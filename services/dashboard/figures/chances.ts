/** Something that may be paid: its amount in cents, and the chance (0 to 1) of each week in turn. */
export type Hope = { amount: bigint; chances: number[] };

/** 8 cases of 10 of a normal distribution lie within this many standard deviations. */
const EIGHT_OF_TEN = 1.2816;

/**
 * The chance of payment in each of the next weeks, by what happened before to others that had waited as long.
 * @param delays days from the beginning (the due date, a reminder) to the payment, smallest first; Infinity: not paid
 * @param waited days since the beginning, negative before it
 */
export function chancesByWeek(delays: number[], waited: number, weeks: number): number[] {
  const later = delays.length - countUpTo(delays, waited);
  if (later === 0) return Array<number>(weeks).fill(0);
  return Array.from(
    { length: weeks },
    (_, week) => (countUpTo(delays, waited + 7 * (week + 1)) - countUpTo(delays, waited + 7 * week)) / later,
  );
}

/** What is expected of these in a week, in cents, and its variance, if they are independent of each other. */
export function expected(hopes: Hope[], week: number): { sum: number; variance: number } {
  let [sum, variance] = [0, 0];
  for (const { amount, chances } of hopes) {
    const chance = chances[week] ?? 0;
    sum += Number(amount) * chance;
    variance += Number(amount) ** 2 * chance * (1 - chance);
  }
  return { sum, variance };
}

/** Between which amounts a sum lies in 8 cases of 10: never below 0. */
export function likely(sum: number, variance: number): { bas: bigint; haut: bigint } {
  const away = EIGHT_OF_TEN * Math.sqrt(variance);
  return { bas: BigInt(Math.round(Math.max(0, sum - away))), haut: BigInt(Math.round(sum + away)) };
}

/** How many of the sorted numbers are not larger. */
function countUpTo(sorted: number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

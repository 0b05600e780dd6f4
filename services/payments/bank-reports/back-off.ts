/** The pause after the first failure. Each further failure doubles it. */
const FIRST_MS = 5_000;
const MOST_MS = 10 * 60_000;

/** Remembers failures, and how long to leave each alone. */
export type BackOff = {
  /** Whether it is to be left alone now. */
  holds(key: string): boolean;
  /** Everything that is to be left alone now. */
  held(): string[];
  /** Notes a failure. Returns the pause in milliseconds. */
  failed(key: string): number;
  worked(key: string): void;
};

/** Makes retries of failing work rarer, up to 10 minutes apart, so that it does not hold up other work. */
export function backOff(clock: () => number = () => performance.now()): BackOff {
  const failures = new Map<string, { wait: number; until: number }>();
  const holds = (key: string) => (failures.get(key)?.until ?? -Infinity) > clock();
  return {
    holds,
    held: () => [...failures.keys()].filter(holds),
    failed(key) {
      const wait = Math.min(MOST_MS, 2 * (failures.get(key)?.wait ?? FIRST_MS / 2));
      failures.set(key, { wait, until: clock() + wait });
      return wait;
    },
    worked: (key) => void failures.delete(key),
  };
}

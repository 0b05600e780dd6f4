/** After the first failure; each further one doubles it. */
const FIRST_MS = 5_000;
const MOST_MS = 10 * 60_000;

/** What failed, and until when it is left alone. */
export type BackOff = {
  /** Whether it is to be left alone now. */
  holds(key: string): boolean;
  /** All that are. */
  held(): string[];
  /** Answers for how long it is left alone, in milliseconds. */
  failed(key: string): number;
  worked(key: string): void;
};

/** Remembers what failed, so that it is tried again later and later, 10 minutes apart at most, and holds up nothing else. */
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

import { euroCents } from './euro-cents.ts';

/** An amount as it is written. */
export type Amount = {
  /** -1n for what is no amount in cents. */
  cents: bigint;
  text: string;
  /** ISO 4217; empty where it does not say. */
  devise: string;
};

/** No element that matters is repeated more often than that: charges are, and reasons. */
const MOST_REPEATED = 200;

/** What an element says, by the paths of the elements within it. */
export class ElementTexts {
  readonly #texts = new Map<string, { value: string; devise: string }[]>();
  readonly #present = new Set<string>();

  /** @returns whether there is room for it */
  add(path: string, value: string, devise: string): boolean {
    const before = this.#texts.get(path);
    if (!before) this.#texts.set(path, [{ value, devise }]);
    else if (before.length < MOST_REPEATED) before.push({ value, devise });
    return (before?.length ?? 0) < MOST_REPEATED;
  }

  /** Remembers that an element is there, whatever is in it. */
  see(path: string): void {
    this.#present.add(path);
  }

  has(path: string): boolean {
    return this.#present.has(path);
  }

  /** The first text that one of these paths has; empty where none has. */
  text(...paths: string[]): string {
    return paths.map((path) => this.#texts.get(path)?.[0]?.value).find((value) => value !== undefined) ?? '';
  }

  /** The first amount that one of these paths has. */
  amount(...paths: string[]): Amount | undefined {
    return paths.map((path) => this.amounts(path)[0]).find((found) => found !== undefined);
  }

  amounts(path: string): Amount[] {
    return (this.#texts.get(path) ?? []).map(({ value, devise }) => ({
      ...{ cents: euroCents(value), text: value, devise },
    }));
  }

  /** A count; undefined where there is none, or what is no count. */
  count(path: string): number | undefined {
    const text = this.text(path);
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }
}

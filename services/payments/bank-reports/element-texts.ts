import { euroCents } from './euro-cents.ts';

/** An amount as the file has it. */
export type Amount = {
  /** -1n: not an amount in cents. */
  cents: bigint;
  text: string;
  /** ISO 4217. Empty: not given. */
  devise: string;
};

/** Charges and reasons repeat, but never more often than this. */
const MOST_REPEATED = 200;

/** The texts of an element, by the paths of the elements within it. */
export class ElementTexts {
  readonly #texts = new Map<string, { value: string; devise: string }[]>();
  readonly #present = new Set<string>();

  /** @returns false if the element has too many texts */
  add(path: string, value: string, devise: string): boolean {
    const before = this.#texts.get(path);
    if (!before) this.#texts.set(path, [{ value, devise }]);
    else if (before.length < MOST_REPEATED) before.push({ value, devise });
    return (before?.length ?? 0) < MOST_REPEATED;
  }

  /** Notes that an element is present, whatever its content is. */
  see(path: string): void {
    this.#present.add(path);
  }

  has(path: string): boolean {
    return this.#present.has(path);
  }

  /** The text of the first of these paths that has one; else empty. */
  text(...paths: string[]): string {
    return paths.map((path) => this.#texts.get(path)?.[0]?.value).find((value) => value !== undefined) ?? '';
  }

  /** The amount of the first of these paths that has one. */
  amount(...paths: string[]): Amount | undefined {
    return paths.map((path) => this.amounts(path)[0]).find((found) => found !== undefined);
  }

  amounts(path: string): Amount[] {
    return (this.#texts.get(path) ?? []).map(({ value, devise }) => ({
      ...{ cents: euroCents(value), text: value, devise },
    }));
  }

  /** The sum of the charges in euros, in cents: of the first of these paths that has any; 0 where none has. */
  charges(...paths: string[]): bigint {
    const sums = paths.map((path) =>
      this.amounts(path)
        .filter(({ cents, devise }) => cents > 0n && (devise || 'EUR') === 'EUR')
        .reduce((total, { cents }) => total + cents, 0n),
    );
    return sums.find((sum) => sum > 0n) ?? 0n;
  }

  /** A count; undefined if there is none, or if it is not a number. */
  count(path: string): number | undefined {
    const text = this.text(path);
    return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  }
}

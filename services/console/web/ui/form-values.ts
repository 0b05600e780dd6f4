import { readAmount } from './read-amount.ts';

/** What somebody has written into the fields of a form, by their names. */
export class FormValues {
  readonly #given: FormData;
  constructor(given: FormData) {
    this.#given = given;
  }

  /** Of a text, a choice or a day (`2026-11-28`); empty if nothing was given. Lines stay lines. */
  text(name: string): string {
    const value = this.#given.get(name);
    return typeof value === 'string' ? value.trim() : '';
  }

  /** Of a reason: one line, as the services keep it. */
  line(name: string): string {
    return this.text(name).replace(/\s+/g, ' ');
  }

  /** Of an amount, in cents; `undefined` if nothing was given. */
  cents(name: string): bigint | undefined {
    return readAmount(this.text(name));
  }

  /** Of a checkbox. */
  isChecked(name: string): boolean {
    return this.text(name) !== '';
  }
}

import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';

/** Refuses what is no calendar date, naming the flag that has it. */
export function checkDate(flag: string, date: string): void {
  try {
    if (Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date) return;
  } catch {
    // told below
  }
  throw new PlainError(`${flag} ${date} is no date: say YYYY-MM-DD.`);
}

import { LAST_DATE } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';

/** Where calendar dates of the contract begin (`rules.calendar_date`). */
const FIRST_DATE = '1900-01-01';

/** Refuses what is no calendar date, naming the flag that has it. */
export function checkDate(flag: string, date: string): void {
  try {
    const isDate = Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date;
    if (isDate && date >= FIRST_DATE && date <= LAST_DATE) return;
  } catch {
    // told below
  }
  throw new PlainError(`${flag} ${date} is no date: say YYYY-MM-DD, from ${FIRST_DATE} to ${LAST_DATE}.`);
}

import { LAST_DATE } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';

/** The first calendar date of the wire (`rules.calendar_date`). */
const FIRST_DATE = '1900-01-01';

/** Refuses an invalid date, naming its flag. */
export function checkDate(flag: string, date: string): void {
  try {
    const isDate = Temporal.PlainDate.from(date, { overflow: 'reject' }).toString() === date;
    if (isDate && date >= FIRST_DATE && date <= LAST_DATE) return;
  } catch {
    // the error is thrown below
  }
  throw new PlainError(`${flag} ${date} is no date: say YYYY-MM-DD, from ${FIRST_DATE} to ${LAST_DATE}.`);
}

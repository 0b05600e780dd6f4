import { addDays, startOfDay, todayInParis } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';
import { checkDate } from './check-date.ts';

/** The options of `simulate`. */
export type SimulateOptions = {
  invoice?: string;
  dateFacture?: string;
  dateEcheance?: string;
  payment?: string;
  rejet?: string;
  motif: string;
  paidAtAttempt?: string;
  montant?: string;
  policy?: string;
  compare?: string;
  until: string;
};

/** The longest simulation in years, from today. */
export const YEARS = 5;

/**
 * The end of a day in Paris.
 * @param from the first allowed day
 * @throws {PlainError}
 */
export function endOf(until: string, from: string): Date {
  checkDate('--until', until);
  const latest = Temporal.PlainDate.from(todayInParis()).add({ years: YEARS }).toString();
  if (until < from || until > latest)
    throw new PlainError(`--until ${until} must be from ${from} to ${latest}.`);
  return startOfDay(addDays(until, 1));
}

/** `--montant`, in cents. @throws {PlainError} */
export function centsOf({ montant = '' }: Pick<SimulateOptions, 'montant'>): bigint {
  if (/^[1-9]\d{0,14}$/.test(montant)) return BigInt(montant);
  throw new PlainError(`--montant ${montant} is no amount in cents.`);
}

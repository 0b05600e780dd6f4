import { PARIS, startOfDay, addDays, todayInParis } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';
import { PlainError } from '../plain-error.ts';
import { checkDate } from './check-date.ts';

/** The options of `simulate`. */
export type SimulateOptions = {
  invoice?: string;
  org?: string;
  client?: string;
  dateFacture?: string;
  dateEcheance?: string;
  payment?: string;
  rejet?: string;
  motif: string;
  collected?: boolean;
  paidAtAttempt?: string;
  montant?: string;
  policy?: string;
  compare?: string;
  until?: string;
  json?: boolean;
};

/** How far a simulation looks unless asked otherwise, in days. */
export const DEFAULT_DAYS = 90;

/** `--until`, or its default. @throws {PlainError} it is no date */
export function lastDay(until: string | undefined): string {
  if (until) checkDate('--until', until);
  return until || addDays(todayInParis(), DEFAULT_DAYS);
}

/** The end of a day in Paris. */
export const endOf = (day: string): Date => startOfDay(addDays(day, 1));

/** `--montant`, in cents. @throws {PlainError} */
export function centsOf({ montant = '' }: Pick<SimulateOptions, 'montant'>): bigint {
  if (/^[1-9]\d{0,14}$/.test(montant)) return BigInt(montant);
  throw new PlainError(`--montant ${montant} is no amount in cents.`);
}

/** An instant, or a local date and time in Paris. @throws {PlainError} */
export function readInstant(given: string): Date {
  for (const read of [
    () => Temporal.Instant.from(given),
    () => Temporal.PlainDateTime.from(given).toZonedDateTime(PARIS),
  ]) {
    try {
      return new Date(read().epochMilliseconds);
    } catch {
      // the error is thrown below
    }
  }
  throw new PlainError(
    `--rejet ${given} is no date and time: say 2026-03-02T13:30, of Paris, or …T12:30:00Z.`,
  );
}

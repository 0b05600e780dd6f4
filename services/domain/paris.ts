import { Temporal } from 'temporal-polyfill';

const PARIS = 'Europe/Paris';

/** Calendar dates of the contract end here (`rules.calendar_date`). */
export const LAST_DATE = '2199-12-31';
/** Dates from which others follow end here (`rules.planned_date`). */
export const LAST_PLANNED = '2099-12-31';

/** An instant as the clocks of Paris show it. */
export const inParis = (instant: Date): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(PARIS);

/** The calendar date of an instant in Paris, YYYY-MM-DD. */
export const dateInParis = (instant: Date): string => inParis(instant).toPlainDate().toString();

/** Today's calendar date in Paris, YYYY-MM-DD. */
export const todayInParis = (): string => dateInParis(new Date());

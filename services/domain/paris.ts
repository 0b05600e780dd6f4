import { Temporal } from 'temporal-polyfill';

const PARIS = 'Europe/Paris';

/** The last calendar date of the wire (`rules.calendar_date`). */
export const LAST_DATE = '2199-12-31';
/** The last date from which later dates are computed (`rules.planned_date`). */
export const LAST_PLANNED = '2099-12-31';

/** An instant in Paris time. */
export const inParis = (instant: Date): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(PARIS);

/** The calendar date of an instant in Paris, YYYY-MM-DD. */
export const dateInParis = (instant: Date): string => inParis(instant).toPlainDate().toString();

/** Today's calendar date in Paris, YYYY-MM-DD. */
export const todayInParis = (): string => dateInParis(new Date());

import { Temporal } from 'temporal-polyfill';

/** The zone whose calendar and clocks the business lives by. */
export const PARIS = 'Europe/Paris';

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

/** The date, YYYY-MM-DD, some calendar days after another; before it where they are negative. */
export const addDays = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/**
 * The instant of a day, YYYY-MM-DD, at which the clocks of Paris show an hour, HH:MM; one that they leap over is taken
 * an hour later.
 */
export const instantInParis = (day: string, heure: string): Date =>
  new Date(
    Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: PARIS, plainTime: heure }).epochMilliseconds,
  );

/** The instant at which a day, YYYY-MM-DD, begins in Paris. */
export const startOfDay = (day: string): Date => instantInParis(day, '00:00');

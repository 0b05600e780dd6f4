import { Temporal } from 'temporal-polyfill';

/** The calendar date in Europe/Paris of an instant. */
export const parisDate = (instant: Date): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO('Europe/Paris').toPlainDate();

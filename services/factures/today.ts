import { Temporal } from 'temporal-polyfill';

/** The date in Europe/Paris, of now unless told. */
export const today = (now = Temporal.Now.instant()): string =>
  now.toZonedDateTimeISO('Europe/Paris').toPlainDate().toString();

import { Temporal } from 'temporal-polyfill';

/** Today's calendar date in Europe/Paris, YYYY-MM-DD. */
export const todayInParis = (): string => Temporal.Now.plainDateISO('Europe/Paris').toString();

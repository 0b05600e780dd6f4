import { Temporal } from 'temporal-polyfill';

/** Today's calendar date in Paris; its `toString()` is YYYY-MM-DD. */
export const todayInParis = (): Temporal.PlainDate => Temporal.Now.plainDateISO('Europe/Paris');

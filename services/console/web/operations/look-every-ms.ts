/** How often everything is looked at while the page is open, in milliseconds. */
export const LOOK_EVERY_MS = 10_000;

import { Temporal } from 'temporal-polyfill';

const DAY_MS = 24 * 3600 * 1000;
/** A time of day that says of no zone which clock it is of. */
const WITHOUT_ZONE = /T[\d:.]+$/;

/**
 * An instant as a bank writes it: a time without a zone is its own, so Paris's, wherever this machine stands; a day
 * begins at midnight UTC, as days do here.
 * @returns undefined for what no bank can mean: before 1900, after 2199 or, clocks and zones apart, in the future
 */
export function bankInstant(text: string | undefined): Date | undefined {
  const date = parse(text ?? '');
  const year = date.getUTCFullYear();
  return year >= 1900 && year <= 2199 && date.getTime() <= Date.now() + DAY_MS ? date : undefined;
}

function parse(text: string): Date {
  if (!WITHOUT_ZONE.test(text)) return new Date(text || NaN);
  try {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(text).toZonedDateTime('Europe/Paris');
    return new Date(epochMilliseconds);
  } catch {
    return new Date(NaN);
  }
}

import { PARIS } from '@crm/domain';
import { Temporal } from 'temporal-polyfill';

const DAY_MS = 24 * 3600 * 1000;
/**
 * The furthest future date that is plausible. A file of Saturday has bookings of Monday, before a long
 * weekend of Tuesday; never of next year.
 */
const MOST_AHEAD_MS = 60 * DAY_MS;
/** xs:date and xs:dateTime; the zone is optional. */
const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2})?)(\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads an instant as banks write it. A time without a zone is Paris time, wherever this machine is; 24:00:00
 * is the start of the next day. A date without a time is midnight UTC of that day, in any zone, as dates are
 * stored here.
 * @returns undefined for an implausible value: no date, before 1900, after 2199, or more than 60 days ahead
 */
export function bankInstant(text: string | undefined): Date | undefined {
  const at = parse(text ?? '');
  const year = at?.getUTCFullYear() ?? 0;
  return at && year >= 1900 && year <= 2199 && at.getTime() <= Date.now() + MOST_AHEAD_MS ? at : undefined;
}

function parse(text: string): Date | undefined {
  const [, date, time, fraction = '', zone] = WRITTEN.exec(text) ?? [];
  if (!date) return undefined;
  try {
    const day = Temporal.PlainDate.from(date, { overflow: 'reject' });
    if (!time) return new Date(date);
    const midnight = /^24:00(:00)?$/.test(time) && !/[1-9]/.test(fraction);
    const clock = midnight
      ? day.add({ days: 1 }).toPlainDateTime()
      : day.toPlainDateTime(Temporal.PlainTime.from(time + fraction.slice(0, 10)));
    return new Date(clock.toZonedDateTime(ofZone(zone)).epochMilliseconds);
  } catch {
    return undefined;
  }
}

const ofZone = (zone: string | undefined): string => (zone === 'Z' ? 'UTC' : (zone ?? PARIS));
